// The open connections of each user: limits their number, and can close all of them at once on every node.
import { Id, TablecastError } from '@tablecast/contracts'
import type { Subscription } from '@tablecast/bus'
import type { NodeChannel } from '../cluster/node-channel.ts'
import { limited } from '../transport/connection-limits.ts'
import type { CallerSession } from '../transport/caller-session.ts'

const SUBJECT = 'tablecast.users.ended'
/** Longer than a caller takes from the check of its token until it is added. */
const ENDED_MAX_AGE_MS = 60_000

export class UserConnections implements Disposable {
  readonly #others: NodeChannel
  readonly #max: number
  /** By user id. Lists, because most users have one connection or two, and an empty `Set` already has room for more. */
  readonly #sessions = new Map<string, readonly CallerSession[]>()
  /** When the connections of a user were ended, by user id. A caller that was verified before that must not connect. */
  readonly #endedAt = new Map<string, number>()
  readonly #subscription: Subscription

  constructor({ others, max }: { others: NodeChannel; max: number }) {
    this.#others = others
    this.#max = max
    this.#subscription = others.subscribe(SUBJECT, ({ text }) => {
      if (Id.safeParse(text).success) this.#end(text)
    })
  }

  /**
   * Adds a connection until `remove`. A caller without identity is not counted. Throws RATE_LIMITED if the user has too many, and
   * UNAUTHORIZED if the user's connections were ended after this caller was verified.
   */
  add(session: CallerSession): void {
    if (!session.identity) return
    const { userId, checkedAt } = session.identity
    if ((this.#endedAt.get(userId) ?? -Infinity) >= checkedAt)
      throw new TablecastError('UNAUTHORIZED', 'The token is not valid any more: sign in again.')
    const sessions = this.#sessions.get(userId) ?? []
    if (sessions.length >= this.#max) throw limited(`At most ${this.#max} connections for one user: close some.`, 5)
    this.#sessions.set(userId, sessions.concat(session))
  }

  remove(session: CallerSession): void {
    const { userId = '' } = session.identity ?? {}
    const left = (this.#sessions.get(userId) ?? []).filter((other) => other !== session)
    if (left.length > 0) this.#sessions.set(userId, left)
    else this.#sessions.delete(userId)
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
