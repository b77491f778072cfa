// Remembers clients of Socket.IO that lose their connection and come back to this node. When the stock JavaScript client
// reconnects, it sends its private id (https://socket.io/docs/v4/connection-state-recovery). The id finds the progress from
// which it continues.
import { randomUUID } from 'node:crypto'

/**
 * `seq`: the client has its events up to this seq of the channel of all events. `scopes`: the scopes it follows; null for all
 * events.
 */
export type Progress = { seq: number; scopes: readonly string[] | null }

/** A connected client. `disconnect` closes its connection and returns its progress. */
export type ConnectedClient = { userId: string | null; disconnect(): Progress }

const KEEP_AFTER_LEAVING_MS = 120_000
const MAX_ABSENT = 10_000

type Absent = { userId: string | null; progress: Progress; until: number }

export class ReturningClients {
  readonly #now: () => number
  readonly #present = new Map<string, ConnectedClient>()
  /** Oldest first. */
  readonly #absent = new Map<string, Absent>()

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** A private id for a new client, or for one that this node does not know. */
  static newId(): string {
    return randomUUID()
  }

  /** The progress of a client that comes back, once. Null when it is unknown, or when the id belongs to another user. */
  take(id: string, userId: string | null): Progress | null {
    this.#forgetOld()
    const known = this.#present.get(id) ?? this.#absent.get(id)
    if (!known || known.userId !== userId) return null
    // The old connection is dead, but the server has not noticed yet.
    const progress = 'disconnect' in known ? known.disconnect() : known.progress
    this.#present.delete(id)
    this.#absent.delete(id)
    return progress
  }

  arrived(id: string, client: ConnectedClient): void {
    this.#present.set(id, client)
  }

  /** Does nothing when another connection has taken over the id. */
  departed(id: string, client: ConnectedClient, progress: Progress): void {
    if (this.#present.get(id) !== client) return
    this.#present.delete(id)
    this.#absent.set(id, { userId: client.userId, progress, until: this.#now() + KEEP_AFTER_LEAVING_MS })
    this.#forgetOld()
  }

  #forgetOld(): void {
    const now = this.#now()
    for (const [id, { until }] of this.#absent) {
      if (until > now && this.#absent.size <= MAX_ABSENT) break
      this.#absent.delete(id)
    }
  }
}
