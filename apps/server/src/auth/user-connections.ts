// The open connections of each user: limits their number, and can close all of them at once on every node.
import { Id, TablecastError } from '@tablecast/contracts'
import type { Subscription } from '@tablecast/bus'
import type { NodeChannel } from '../cluster/node-channel.ts'
import { limited } from '../transport/connection-limits.ts'
import { KeyedCount } from '../transport/limits.ts'
import type { CallerSession } from '../transport/caller-session.ts'

const SUBJECT = 'tablecast.users.ended'
/** Longer than a caller takes from the check of its token until it is added. */
const ENDED_MAX_AGE_MS = 60_000

export class UserConnections implements Disposable {
  readonly #others: NodeChannel
  readonly #counts: KeyedCount
  readonly #sessions = new Map<string, Set<CallerSession>>()
  /** When the connections of a user were ended, by user id. A caller that was verified before that must not connect. */
  readonly #endedAt = new Map<string, number>()
  readonly #subscription: Subscription

  constructor({ others, max }: { others: NodeChannel; max: number }) {
    this.#others = others
    this.#counts = new KeyedCount(max)
    this.#subscription = others.subscribe(SUBJECT, ({ text }) => {
      if (Id.safeParse(text).success) this.#end(text)
    })
  }

  /**
   * Adds a connection until the returned function is called. A caller without identity is not counted. Throws RATE_LIMITED if the
   * user has too many, and UNAUTHORIZED if the user's connections were ended after this caller was verified.
   */
  add(session: CallerSession): () => void {
    if (!session.identity) return () => {}
    const { userId, checkedAt } = session.identity
    if ((this.#endedAt.get(userId) ?? -Infinity) >= checkedAt)
      throw new TablecastError('UNAUTHORIZED', 'The token is not valid any more: sign in again.')
    const release = this.#counts.take(userId)
    if (!release) throw limited(`At most ${this.#counts.max} connections for one user: close some.`, 5)
    const sessions = this.#sessions.get(userId) ?? new Set()
    this.#sessions.set(userId, sessions.add(session))
    return () => {
      release()
      if (sessions.delete(session) && sessions.size === 0 && this.#sessions.get(userId) === sessions)
        this.#sessions.delete(userId)
    }
  }

  /** Closes all connections of the user, on every node. */
  end(userId: string): void {
    this.#end(userId)
    this.#others.publish(SUBJECT, userId)
  }

  [Symbol.dispose](): void {
    this.#subscription.close()
  }

  #end(userId: string): void {
    const at = performance.now()
    for (const [id, endedAt] of this.#endedAt) if (at - endedAt > ENDED_MAX_AGE_MS) this.#endedAt.delete(id)
    this.#endedAt.set(userId, at)
    for (const session of this.#sessions.get(userId) ?? []) session.end()
  }
}
