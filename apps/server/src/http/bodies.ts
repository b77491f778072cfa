// What a request may send, and when: a small body from everybody, a large one only where a procedure needs it and from somebody who is known.
// All of it is decided by the head of the request, before a byte of the body is read.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { mustBeBounded } from '@tablecast/contracts'
import { BytesInFlight } from './bytes-in-flight.ts'
import { announcedLength, readBody, tooLarge } from './read-body.ts'
import { SlowBodies } from './slow-bodies.ts'
import type { Ticker } from '../transport/ticker.ts'

export type BodiesOptions = {
  /** Of a body from anybody. */
  maxBytes: number
  maxBytesInFlight: number
  maxBytesInFlightPerAddress: number
  /** So long may a small one take. */
  graceMs: number
  ticker: Ticker
  /** Told why a body was not taken to its end. */
  refused(reason: string): void
}

/** `maxBytes`: what this request may send when `admit` finds its caller in order; it throws otherwise. */
export type LargeBody = { maxBytes: number; admit(): Promise<void> }

export class Bodies {
  readonly #options: BodiesOptions
  readonly #slow: SlowBodies
  readonly #all: BytesInFlight
  /** Large ones have half of it at the most, so that there is always room for what a table says. */
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

  /** From the head of each request on: its body has to come in time, whether it is taken or refused. */
  watch(request: IncomingMessage, response: ServerResponse): void {
    if (announcedLength(request) !== 0) this.#slow.follow(request, response)
  }

  /** For a door of its own that reads the body itself: throws as `admit` does. */
  admitSmall(request: IncomingMessage, response: ServerResponse, address: string): void {
    const length = announcedLength(request)
    if (length === 0) return
    if ((length ?? 0) > this.#options.maxBytes) throw tooLarge(this.#options.maxBytes)
    this.#hold(response, [this.#all.take(address, length ?? this.#options.maxBytes)])
  }

  /**
   * Takes the body's share, until its request is answered. Throws MESSAGE_TOO_LARGE, RATE_LIMITED, UNAVAILABLE, and what `large.admit` throws.
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

  /** The whole body, once it was admitted. One that did not say how long it is has to be a small one. */
  read(request: IncomingMessage): Promise<Buffer> {
    return readBody(request, announcedLength(request) ?? this.#options.maxBytes)
  }

  /** The same as text, after a look at how deep and how large the JSON in it is. Throws BAD_REQUEST. */
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
