import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Ticker } from '../transport/ticker.ts'

/** A body has so many bytes a second at the least, once its time of grace is over. */
export const BODY_BYTES_PER_SECOND = 65_536

/** For so long the rest of a body that was refused is taken and thrown away, so that its client gets to read the answer. */
const LINGER_MS = 3_000

const TIMED_OUT = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'

export type SlowBodiesParts = { ticker: Ticker; graceMs: number; ended(): void; now?: () => number }

type Coming = { response: ServerResponse; since: number; before: number; answeredAt: number | null }

/** The requests whose body is still to come. The connection of one that comes too slowly is ended, whoever reads it, or nobody. */
export class SlowBodies {
  readonly #parts: SlowBodiesParts
  readonly #now: () => number
  readonly #coming = new Map<IncomingMessage, Coming>()

  constructor(parts: SlowBodiesParts) {
    this.#parts = parts
    this.#now = parts.now ?? (() => performance.now())
    parts.ticker.add(() => this.#look())
  }

  follow(request: IncomingMessage, response: ServerResponse): void {
    this.#coming.set(request, { response, since: this.#now(), before: request.socket.bytesRead, answeredAt: null })
  }

  #look(): void {
    for (const [request, coming] of this.#coming) {
      if (!request.complete && !request.destroyed && !this.#isTooLong(request, coming)) continue
      this.#coming.delete(request)
      if (!request.complete && !request.destroyed) this.#end(request, coming)
    }
  }

  #isTooLong({ socket }: IncomingMessage, coming: Coming): boolean {
    const now = this.#now()
    if (coming.response.writableFinished) coming.answeredAt ??= now
    if (coming.answeredAt !== null) return now - coming.answeredAt > LINGER_MS
    const earnedMs = ((socket.bytesRead - coming.before) / BODY_BYTES_PER_SECOND) * 1_000
    return now - coming.since > this.#parts.graceMs + earnedMs
  }

  #end({ socket }: IncomingMessage, { response }: Coming): void {
    this.#parts.ended()
    // An answer that has begun can not be followed by another one.
    if (!response.headersSent) socket.write(TIMED_OUT)
    socket.destroySoon()
  }
}
