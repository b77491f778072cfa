// Which people look at a room right now, on any device and any node: they get no notice. A visible page reports within a second after
// each event, and a hidden one does not count.
import { Id } from '@tablecast/contracts'
import { z } from 'zod'
import type { NodeChannel } from '../../../cluster/node-channel.ts'
import type { Timers } from '../presence-timers.ts'

/** `withinMs`: how long ago a page may have reported. A time of day would need clocks that agree. */
const Question = z.object({
  node: z.string(),
  id: z.number(),
  roomId: Id,
  userIds: z.array(Id).max(1_000),
  withinMs: z.number(),
})
const Answer = z.object({ to: z.string(), id: z.number(), userIds: z.array(Id).max(1_000) })

const ASK_SUBJECT = 'tablecast.notices.ask'
const SEEN_SUBJECT = 'tablecast.notices.seen'
/** A node that answers later does not hold a notice back. The person gets one too many, and their own page does not show it. */
const ANSWER_TIMEOUT_MS = 500
const KEPT_MS = 60_000

export type VisiblePagesDeps = {
  others: Pick<NodeChannel, 'isAlone' | 'nodeId' | 'publish' | 'subscribe'>
  timers: Timers
}

export class VisiblePages implements Disposable {
  readonly #deps: VisiblePagesDeps
  readonly #subscriptions: { close(): void }[]
  /** When a page of that person in that room last reported that it is visible; the oldest first. */
  readonly #reportedAt = new Map<string, number>()
  readonly #asking = new Map<number, (userIds: readonly string[]) => void>()
  #asked = 0

  constructor(deps: VisiblePagesDeps) {
    this.#deps = deps
    const { others } = deps
    this.#subscriptions = [
      others.subscribe(ASK_SUBJECT, ({ json }) => {
        const question = Question.safeParse(json)
        if (question.success) this.#answer(question.data)
      }),
      others.subscribe(SEEN_SUBJECT, ({ json }) => {
        const answer = Answer.safeParse(json)
        if (answer.success && answer.data.to === others.nodeId) this.#asking.get(answer.data.id)?.(answer.data.userIds)
      }),
    ]
  }

  /** A page of the person in this room is visible now. */
  report(roomId: string, userId: string): void {
    const now = this.#deps.timers.now()
    const key = keyOf(roomId, userId)
    this.#reportedAt.delete(key)
    this.#reportedAt.set(key, now)
    for (const [oldest, at] of this.#reportedAt) {
      if (now - at < KEPT_MS) break
      this.#reportedAt.delete(oldest)
    }
  }

  /** Those of them with a page of this room that was visible at `since` or later, by the clock of `timers`. */
  async watching(roomId: string, userIds: readonly string[], since: number): Promise<ReadonlySet<string>> {
    const { others, timers } = this.#deps
    const here = this.#here(roomId, userIds, since)
    const unseen = userIds.filter((userId) => !here.has(userId))
    if (others.isAlone || unseen.length === 0) return here
    const id = ++this.#asked
    this.#asking.set(id, (seen) => {
      for (const userId of seen) here.add(userId)
    })
    others.publish(ASK_SUBJECT, { id, roomId, userIds: unseen, withinMs: timers.now() - since })
    await new Promise<void>((resolve) => void timers.after(ANSWER_TIMEOUT_MS, resolve))
    this.#asking.delete(id)
    return here
  }

  [Symbol.dispose](): void {
    for (const subscription of this.#subscriptions) subscription.close()
  }

  #answer({ node, id, roomId, userIds, withinMs }: z.infer<typeof Question>): void {
    const seen = this.#here(roomId, userIds, this.#deps.timers.now() - withinMs)
    if (seen.size > 0) this.#deps.others.publish(SEEN_SUBJECT, { to: node, id, userIds: [...seen] })
  }

  #here(roomId: string, userIds: readonly string[], since: number): Set<string> {
    return new Set(userIds.filter((userId) => (this.#reportedAt.get(keyOf(roomId, userId)) ?? -Infinity) >= since))
  }
}

const keyOf = (roomId: string, userId: string): string => `${roomId} ${userId}`
