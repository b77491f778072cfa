import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Ticked, Ticker } from '../transport/ticker.ts'

/** The slowest rate at which a body may arrive, after the first `graceMs`. */
export const BODY_BYTES_PER_SECOND = 65_536

/** After a refusal the rest of the body is read and thrown away for this time, so that the client can read the answer. */
const LINGER_TIMEOUT_MS = 3_000

const TIMED_OUT = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'

export type SlowBodiesOptions = { ticker: Ticker; graceMs: number; ended(): void; now?: () => number }

type Arriving = { response: ServerResponse; since: number; before: number; answeredAt: number | null }

/** Watches the requests whose body is still arriving. Ends the connection of one that is too slow, whether or not anything reads it. */
export class SlowBodies implements Ticked {
  readonly #options: SlowBodiesOptions
  readonly #now: () => number
  readonly #arriving = new Map<IncomingMessage, Arriving>()

  constructor(options: SlowBodiesOptions) {
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
    options.ticker.add(this)
  }

  follow(request: IncomingMessage, response: ServerResponse): void {
    this.#arriving.set(request, { response, since: this.#now(), before: request.socket.bytesRead, answeredAt: null })
  }

  tick(): void {
    for (const [request, arriving] of this.#arriving) {
      if (!request.complete && !request.destroyed && !this.#isTooLong(request, arriving)) continue
      this.#arriving.delete(request)
      if (!request.complete && !request.destroyed) this.#end(request, arriving)
    }
  }

  #isTooLong({ socket }: IncomingMessage, arriving: Arriving): boolean {
    const now = this.#now()
    if (arriving.response.writableFinished) arriving.answeredAt ??= now
    if (arriving.answeredAt !== null) return now - arriving.answeredAt > LINGER_TIMEOUT_MS
    const earnedMs = ((socket.bytesRead - arriving.before) / BODY_BYTES_PER_SECOND) * 1_000
    return now - arriving.since > this.#options.graceMs + earnedMs
  }

  #end({ socket }: IncomingMessage, { response }: Arriving): void {
    this.#options.ended()
    // After the headers of one answer there can be no second answer.
    if (!response.headersSent) socket.write(TIMED_OUT)
    socket.destroySoon()
  }
}
