// Decides which bodies the server accepts. Every client may send a small body. A large one is accepted for a few procedures, from an
// identified caller. The head of the request decides, before the server reads a byte of the body.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { mustBeBounded } from '@tablecast/contracts'
import { BytesInFlight } from './bytes-in-flight.ts'
import { announcedLength, readBody, tooLarge } from './read-body.ts'
import { SlowBodies } from './slow-bodies.ts'
import type { Ticker } from '../transport/ticker.ts'

export type BodiesOptions = {
  /** The limit for a small body. */
  maxBytes: number
  maxBytesInFlight: number
  maxBytesInFlightPerAddress: number
  /** A body may take this time, and more for each byte that has arrived: see `SlowBodies`. */
  graceMs: number
  ticker: Ticker
  /** Called with the reason when a body was cut off. */
  refused(reason: string): void
}

/** `maxBytes` is the limit for this request if `admit` resolves. `admit` throws when the caller may not send so much. */
export type LargeBody = { maxBytes: number; admit(): Promise<void> }

export class Bodies {
  readonly #options: BodiesOptions
  readonly #slow: SlowBodies
  readonly #all: BytesInFlight
  /** Large bodies share half of all bytes, so that there is always room for the small ones of a table. */
  readonly #large: BytesInFlight

  constructor(options: BodiesOptions) {
    const { maxBytesInFlight: max, maxBytesInFlightPerAddress: maxPerAddress, ticker, graceMs, refused } = options
    this.#options = options
    this.#all = new BytesInFlight({ max, maxPerAddress })
    this.#large = new BytesInFlight({ max: max / 2, maxPerAddress: maxPerAddress / 2 })
    this.#slow = new SlowBodies({ ticker, graceMs, ended: () => refused('slow_body') })
  }

  get bytesInFlight(): number {
    return this.#all.total
  }

  /** Call with the head of each request. Ends the connection if the body arrives too slowly, also when the request is refused. */
  watch(request: IncomingMessage, response: ServerResponse): void {
    if (announcedLength(request) !== 0) this.#slow.follow(request, response)
  }

  /** For a handler that reads the body itself. Throws as `admit` does. */
  admitSmall(request: IncomingMessage, response: ServerResponse, address: string): void {
    const length = announcedLength(request)
    if (length === 0) return
    if ((length ?? 0) > this.#options.maxBytes) throw tooLarge(this.#options.maxBytes)
    this.#hold(response, [this.#all.take(address, length ?? this.#options.maxBytes)])
  }

  /**
   * Counts the body's bytes as in flight until its request is answered. Throws MESSAGE_TOO_LARGE, RATE_LIMITED, UNAVAILABLE, and the
   * errors of `large.admit`.
   */
  async admit(
    request: IncomingMessage,
    response: ServerResponse,
    { address, large }: { address: string; large: LargeBody | null },
  ): Promise<void> {
    const length = announcedLength(request)
    const { maxBytes } = this.#options
    if (!large || length === null || length <= maxBytes) return this.admitSmall(request, response, address)
    if (length > large.maxBytes) throw tooLarge(large.maxBytes)
    await large.admit()
    const giveBack = this.#large.take(address, length)
    try {
      this.#hold(response, [giveBack, this.#all.take(address, length)])
    } catch (error) {
      giveBack()
      throw error
    }
  }

  /** The whole body; call `admit` first. A body without an announced length must be a small one. */
  read(request: IncomingMessage): Promise<Buffer> {
    return readBody(request, announcedLength(request) ?? this.#options.maxBytes)
  }

  /** The whole body as text. Throws BAD_REQUEST when its JSON is too deep or has too many values. */
  async readJson(request: IncomingMessage): Promise<string> {
    const text = (await this.read(request)).toString()
    mustBeBounded(text)
    return text
  }

  #hold(response: ServerResponse, shares: readonly (() => void)[]): void {
    const giveBack = () => {
      for (const share of shares) share()
    }
    if (response.closed) giveBack()
    else response.once('close', giveBack)
  }
}
