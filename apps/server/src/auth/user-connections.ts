// The open connections of each user: how many they may have, and how all of them end at once, on every node.
import { Id } from '@tablecast/contracts'
import type { Bus, Subscription } from '@tablecast/bus'
import { limited } from '../transport/connection-limits.ts'
import { KeyedCount } from '../transport/limits.ts'
import type { CallerSession } from './caller-session.ts'

const SUBJECT = 'tablecast.users.ended'

export class UserConnections implements Disposable {
  readonly #bus: Bus
  readonly #counts: KeyedCount
  readonly #sessions = new Map<string, Set<CallerSession>>()
  readonly #subscription: Subscription

  constructor({ bus, max }: { bus: Bus; max: number }) {
    this.#bus = bus
    this.#counts = new KeyedCount(max)
    this.#subscription = bus.subscribe(SUBJECT, ({ text }) => {
      if (Id.safeParse(text).success) this.#end(text)
    })
  }

  /** Throws RATE_LIMITED. Returns what takes the connection out again; for a caller without identity nothing is counted. */
  add(session: CallerSession): () => void {
    const userId = session.identity?.userId
    if (userId === undefined) return () => {}
    const release = this.#counts.take(userId)
    if (!release) throw limited(`at most ${this.#counts.max} connections for one user: close some`, 5)
    const sessions = this.#sessions.get(userId) ?? new Set()
    this.#sessions.set(userId, sessions.add(session))
    return () => {
      release()
      if (sessions.delete(session) && sessions.size === 0 && this.#sessions.get(userId) === sessions)
        this.#sessions.delete(userId)
    }
  }

  end(userId: string): void {
    this.#end(userId)
    if (this.#bus.kind !== 'memory' && this.#bus.isConnected) this.#bus.publish(SUBJECT, userId)
  }

  [Symbol.dispose](): void {
    this.#subscription.close()
  }

  #end(userId: string): void {
    for (const session of this.#sessions.get(userId) ?? []) session.end()
  }
}
