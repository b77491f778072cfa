// Who was removed from a room, or has another role now, told to every node: their streams end before the next event.
import { randomUUID } from 'node:crypto'
import { Id, Role } from '@tablecast/contracts'
import type { Bus, Subscription } from '@tablecast/bus'
import { z } from 'zod'
import type { MembershipChange } from './rooms.ts'

const SUBJECT = 'tablecast.members.changed'
const Told = z.object({ node: z.string(), roomId: Id, userId: Id, role: Role.nullable() })

export class MembershipNews implements Disposable {
  readonly #bus: Bus
  readonly #apply: (change: MembershipChange) => void
  readonly #failed: (error: unknown) => void
  readonly #nodeId = randomUUID()
  readonly #subscription: Subscription

  constructor(parts: { bus: Bus; apply(change: MembershipChange): void; failed(error: unknown): void }) {
    this.#bus = parts.bus
    this.#apply = (change) => parts.apply(change)
    this.#failed = (error) => parts.failed(error)
    this.#subscription = parts.bus.subscribe(SUBJECT, ({ json }) => {
      const told = Told.safeParse(json)
      if (told.success && told.data.node !== this.#nodeId) this.#apply(told.data)
    })
  }

  /** To be called after the commit. A node that the bus doesn't reach finds out at the member's next call. */
  tell(change: MembershipChange): void {
    this.#apply(change)
    if (this.#bus.kind === 'memory' || !this.#bus.isConnected) return
    try {
      this.#bus.publish(SUBJECT, JSON.stringify({ node: this.#nodeId, ...change }))
    } catch (error) {
      this.#failed(error)
    }
  }

  [Symbol.dispose](): void {
    this.#subscription.close()
  }
}
