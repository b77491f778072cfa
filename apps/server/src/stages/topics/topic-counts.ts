// What is counted of each topic, here and on the other nodes: each tells its own numbers once a second.
import type { TopicStats } from '@tablecast/contracts'
import type { Subscription } from '@tablecast/bus'
import { z } from 'zod'
import type { NodeChannel } from '../../cluster/node-channel.ts'

const SUBJECT = 'tablecast.topics.counts'
const TELL_MS = 1_000
/** A node that says nothing for so long is gone, and its subscribers with it; what it published stays counted. */
const SILENT_MS = 5_000

const Counts = z.object({
  messages: z.number(),
  subscribers: z.number(),
  dropped: z.number(),
  last_message_ts: z.string().nullable(),
})
const Told = z.object({ node: z.string(), topics: z.record(z.string(), Counts) })

const none: TopicStats = { messages: 0, subscribers: 0, dropped: 0, last_message_ts: null }

export class TopicCounts implements Disposable {
  readonly #others: NodeChannel
  readonly #own = new Map<string, TopicStats>()
  readonly #elsewhere = new Map<string, { at: number; topics: Record<string, TopicStats> }>()
  readonly #subscription: Subscription
  readonly #timer: ReturnType<typeof setInterval>

  constructor(others: NodeChannel) {
    this.#others = others
    this.#subscription = others.hear(SUBJECT, ({ json }) => this.#heard(json))
    this.#timer = setInterval(() => this.#tell(), TELL_MS)
  }

  published(name: string, at: string): void {
    const own = this.#get(name)
    own.messages += 1
    own.last_message_ts = at
  }

  subscribed(name: string, change: 1 | -1): void {
    this.#get(name).subscribers += change
  }

  dropped(name: string, count: number): void {
    this.#get(name).dropped += count
  }

  forget(name: string): void {
    this.#own.delete(name)
    for (const { topics } of this.#elsewhere.values()) delete topics[name]
  }

  of(name: string): TopicStats {
    const sum = { ...(this.#own.get(name) ?? none) }
    for (const { at, topics } of this.#elsewhere.values()) {
      const told = topics[name]
      if (!told) continue
      sum.messages += told.messages
      sum.dropped += told.dropped
      if (performance.now() - at < SILENT_MS) sum.subscribers += told.subscribers
      if ((told.last_message_ts ?? '') > (sum.last_message_ts ?? '')) sum.last_message_ts = told.last_message_ts
    }
    return sum
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    this.#subscription.close()
  }

  #get(name: string): TopicStats {
    let own = this.#own.get(name)
    if (!own) this.#own.set(name, (own = { ...none }))
    return own
  }

  #tell(): void {
    if (!this.#others.isAlone) this.#others.tell(SUBJECT, { topics: Object.fromEntries(this.#own) })
  }

  #heard(json: unknown): void {
    const told = Told.safeParse(json)
    if (told.success) this.#elsewhere.set(told.data.node, { at: performance.now(), topics: told.data.topics })
  }
}
