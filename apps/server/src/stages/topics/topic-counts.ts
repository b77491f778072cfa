// The counts of each topic, summed over all nodes. Each node publishes its own counts once a second.
import type { TopicStats } from '@tablecast/contracts'
import type { Subscription } from '@tablecast/bus'
import { z } from 'zod'
import type { NodeChannel } from '../../cluster/node-channel.ts'

const SUBJECT = 'tablecast.topics.counts'
const PUBLISH_INTERVAL_MS = 1_000
/** The subscribers of a node that is silent for this time no longer count. Its published messages still do. */
const SILENCE_TIMEOUT_MS = 5_000

const Counts = z.object({
  messages: z.number(),
  subscribers: z.number(),
  dropped: z.number(),
  last_message_ts: z.string().nullable(),
})
const NodeCounts = z.object({ node: z.string(), topics: z.record(z.string(), Counts) })

const zero: TopicStats = { messages: 0, subscribers: 0, dropped: 0, last_message_ts: null }

export class TopicCounts implements Disposable {
  readonly #others: NodeChannel
  readonly #own = new Map<string, TopicStats>()
  readonly #elsewhere = new Map<string, { at: number; topics: Record<string, TopicStats> }>()
  readonly #subscription: Subscription
  readonly #timer: ReturnType<typeof setInterval>

  constructor(others: NodeChannel) {
    this.#others = others
    this.#subscription = others.subscribe(SUBJECT, ({ json }) => this.#receive(json))
    this.#timer = setInterval(() => this.#publish(), PUBLISH_INTERVAL_MS)
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
    const sum = { ...(this.#own.get(name) ?? zero) }
    for (const { at, topics } of this.#elsewhere.values()) {
      const stats = topics[name]
      if (!stats) continue
      sum.messages += stats.messages
      sum.dropped += stats.dropped
      if (performance.now() - at < SILENCE_TIMEOUT_MS) sum.subscribers += stats.subscribers
      if ((stats.last_message_ts ?? '') > (sum.last_message_ts ?? '')) sum.last_message_ts = stats.last_message_ts
    }
    return sum
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    this.#subscription.close()
  }

  #get(name: string): TopicStats {
    let own = this.#own.get(name)
    if (!own) this.#own.set(name, (own = { ...zero }))
    return own
  }

  #publish(): void {
    if (!this.#others.isAlone) this.#others.publish(SUBJECT, { topics: Object.fromEntries(this.#own) })
  }

  #receive(json: unknown): void {
    const parsed = NodeCounts.safeParse(json)
    if (parsed.success) this.#elsewhere.set(parsed.data.node, { at: performance.now(), topics: parsed.data.topics })
  }
}
