// Clients of Socket.IO that lose their connection and come back to this node. The stock JavaScript client sends, when it connects
// again, the private id that it was given (https://socket.io/docs/v4/connection-state-recovery); by that it goes on where it was.
import { randomUUID } from 'node:crypto'

/** Up to where a client has everything, and what it follows: null for everything. `place`: a seq of the channel of everything. */
export type Left = { place: number; scopes: readonly string[] | null }

/** A client that is connected. `leave` ends its connection. */
export type Present = { userId: string | null; leave(): Left }

const KEEP_MS = 120_000
const MAX_GONE = 10_000

type Gone = { userId: string | null; left: Left; until: number }

export class Returns {
  readonly #now: () => number
  readonly #present = new Map<string, Present>()
  /** Oldest first. */
  readonly #gone = new Map<string, Gone>()

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** For a client that comes for the first time, or that nothing is known of. */
  static newId(): string {
    return randomUUID()
  }

  /** Where a client that comes back goes on; null when that is not known, or somebody else had the id. */
  take(id: string, userId: string | null): Left | null {
    this.#forgetOld()
    const known = this.#present.get(id) ?? this.#gone.get(id)
    if (!known || known.userId !== userId) return null
    // Its old connection is dead, and nobody has noticed yet.
    const left = 'leave' in known ? known.leave() : known.left
    this.#present.delete(id)
    this.#gone.delete(id)
    return left
  }

  arrived(id: string, client: Present): void {
    this.#present.set(id, client)
  }

  /** Nothing happens when another connection has taken its place. */
  departed(id: string, client: Present, left: Left): void {
    if (this.#present.get(id) !== client) return
    this.#present.delete(id)
    this.#gone.set(id, { userId: client.userId, left, until: this.#now() + KEEP_MS })
    this.#forgetOld()
  }

  #forgetOld(): void {
    const now = this.#now()
    for (const [id, { until }] of this.#gone) {
      if (until > now && this.#gone.size <= MAX_GONE) break
      this.#gone.delete(id)
    }
  }
}
