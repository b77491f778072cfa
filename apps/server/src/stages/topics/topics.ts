// The topics. The database lists them for all nodes, and each node keeps a copy of the list.
import { type TopicStats, TablecastError, topicStream } from '@tablecast/contracts'
import type { Bus } from '@tablecast/bus'
import type { Channel, Observe } from '@tablecast/hub'
import { MAX_WAIT_MS, type Repositories, type Store, type TopicRow } from '@tablecast/store'
import { isAlone } from '../../cluster/is-alone.ts'
import type { NodeChannel } from '../../cluster/node-channel.ts'
import type { NodeEvents } from '../../cluster/node-events.ts'
import { changeAsCaller } from '../../rooms/change-as-user.ts'
import { DurableMessages } from './durable-messages.ts'
import { assertPayloadDepth, eventText, type PublishedMessage } from './published-message.ts'
import { TopicChannels } from './topic-channels.ts'
import { TopicCounts } from './topic-counts.ts'
import { topicNotFound } from './topic-errors.ts'
import { VolatileMessages } from './volatile-messages.ts'

export type TopicsDeps = {
  store: Store
  bus: Bus
  others: NodeChannel
  nodes: NodeEvents
  ringSize: number
  queueSize: number
  /** Messages are stored. Otherwise they live in each node's ring alone. */
  isDurable: boolean
  maxTopics: number
  observe: Observe
  failed(error: unknown): void
}

type Topic = { row: TopicRow; deletionListeners: Set<() => void> }

const CHANGED = 'tablecast.topics.changed'
const REFRESH_INTERVAL_MS = 15_000

export class Topics implements AsyncDisposable {
  readonly counts: TopicCounts
  readonly #deps: TopicsDeps
  readonly #open = new AsyncDisposableStack()
  readonly #channels: TopicChannels
  readonly #messages: DurableMessages | VolatileMessages
  readonly #topics = new Map<string, Topic>()
  #lastAt: string | null = null
  /** The number of topics created and deleted here. A list that was read before the newest change is out of date. */
  #changes = 0

  private constructor(deps: TopicsDeps) {
    this.#deps = deps
    const { store, bus, nodes, others, failed } = deps
    this.#channels = new TopicChannels({ ...deps, sharedHub: nodes.hub, nodeId: others.nodeId })
    this.counts = this.#open.use(new TopicCounts(others))
    this.#messages = deps.isDurable
      ? this.#open.use(new DurableMessages({ store, nodes, ringSize: deps.ringSize }))
      : this.#open.use(
          new VolatileMessages({
            bus,
            nodeId: others.nodeId,
            find: (name) => this.#find(name),
            deliver: (name, text) => this.#deliver(name, text),
            failed,
          }),
        )
    const changes = others.subscribe(CHANGED, () => void this.#refresh())
    const timer = setInterval(() => void this.#refresh(), REFRESH_INTERVAL_MS)
    this.#open.defer(() => {
      changes.close()
      clearInterval(timer)
    })
  }

  static async open(deps: TopicsDeps): Promise<Topics> {
    // On a single node, volatile topics end with the process, as their messages do.
    if (!deps.isDurable && isAlone(deps.bus))
      await deps.store.write(async ({ topics }) => {
        for (const { name } of await topics.list()) await topics.remove(name)
      })
    const topics = new Topics(deps)
    await topics.#refresh()
    return topics
  }

  /** When this node last published or received a message, as an ISO time; null before the first. */
  get lastAt(): string | null {
    return this.#lastAt
  }

  get size(): number {
    return this.#topics.size
  }

  /** The channels that are not in the nodes' hub. */
  get channels(): Iterable<Channel> {
    return this.#channels.own
  }

  /** Throws TOPIC_EXISTS, RATE_LIMITED. A repeat with the same `key` changes nothing. */
  async create(name: string, ownerId: string | null, key: string | null = null): Promise<void> {
    const { maxTopics } = this.#deps
    const row = { name, ownerId, createdAt: new Date().toISOString() }
    const isNew = await this.#change('topics.create', ownerId, key, name, async ({ locks, topics }) => {
      // Under this lock the count stays true until the commit.
      await locks.hold('topics')
      if ((await topics.count()) >= maxTopics)
        throw new TablecastError('RATE_LIMITED', `There are ${maxTopics} topics, and no more are allowed: delete some.`)
      if (!(await topics.insert(row)))
        throw new TablecastError('TOPIC_EXISTS', `There is a topic ${name} already: choose another name.`)
    })
    if (!isNew) return
    this.#changes += 1
    this.#add(row)
    this.#announceChange()
  }

  /** Ends the topic's subscriptions. Throws TOPIC_NOT_FOUND, FORBIDDEN. A repeat with the same `key` changes nothing. */
  async remove(name: string, userId: string | null, key: string | null = null): Promise<void> {
    const isRemoved = await this.#change('topics.remove', userId, key, name, async ({ topics, streams }) => {
      const row = await topics.lock(name)
      if (!row) throw topicNotFound(name)
      if (userId !== null && row.ownerId !== null && row.ownerId !== userId)
        throw new TablecastError('FORBIDDEN', 'Only the creator of the topic may delete it.')
      await topics.remove(name)
      await streams.remove(topicStream(name))
    })
    if (!isRemoved) return
    this.#changes += 1
    this.#drop(name)
    this.#announceChange()
  }

  /** Sorted by name. The counts are sums over all nodes. */
  list(): (TopicRow & TopicStats)[] {
    return [...this.#topics.values()]
      .map(({ row }) => ({ ...row, ...this.counts.of(row.name) }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** Throws TOPIC_NOT_FOUND. `onDeleted` is called when the topic is deleted, unless the caller has called `forget` before. */
  async follow(name: string, onDeleted: () => void): Promise<{ channel: Channel; forget: () => void }> {
    const topic = await this.#find(name)
    const channel = await this.#channels.open(name)
    if (this.#topics.get(name) !== topic) throw topicNotFound(name)
    topic.deletionListeners.add(onDeleted)
    return { channel, forget: () => void topic.deletionListeners.delete(onDeleted) }
  }

  /** The seq after which a subscriber reads that wants the newest `lastN` messages. The ring limits their number. */
  startOf(channel: Channel, lastN: number): number {
    return Math.max(channel.floor, channel.head - Math.min(lastN, this.#deps.ringSize))
  }

  /**
   * `keyId`: the API key that publishes. `deadline`: the moment until which the call may wait for the database, on the clock of
   * `performance`. Resolves when the log has the message, or the bus or the ring. Throws BAD_REQUEST, TOPIC_NOT_FOUND,
   * UNAUTHORIZED for a revoked key, MESSAGE_TOO_LARGE, BUS_UNAVAILABLE.
   */
  async publish(
    name: string,
    message: PublishedMessage,
    keyId: string | null,
    deadline = performance.now() + MAX_WAIT_MS,
  ): Promise<void> {
    assertPayloadDepth(message)
    await this.#find(name)
    const at = new Date().toISOString()
    await this.#messages.publish({ name, text: eventText(name, message, at), keyId, deadline })
    this.counts.published(name, at)
    this.#lastAt = at
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#open.disposeAsync()
  }

  /** Runs `work` in one transaction, once for each key of the caller. Resolves with false for a repeat. */
  #change(
    procedure: string,
    userId: string | null,
    key: string | null,
    topic: string,
    work: (tables: Repositories) => Promise<void>,
  ): Promise<boolean> {
    return this.#deps.store.write(async (tables) => {
      let isDone = false
      await changeAsCaller(tables, procedure, userId, key, { topic }, async () => {
        await work(tables)
        isDone = true
        return null
      })
      return isDone
    })
  }

  async #find(name: string): Promise<Topic> {
    const known = this.#topics.get(name)
    if (known) return known
    // Another node may have just created it.
    const row = isAlone(this.#deps.bus) ? null : await this.#deps.store.read(({ topics }) => topics.get(name))
    if (!row) throw topicNotFound(name)
    return this.#add(row)
  }

  #deliver(name: string, text: string): Promise<void> {
    this.#lastAt = new Date().toISOString()
    return this.#channels.publish(name, text)
  }

  #add(row: TopicRow): Topic {
    const topic = this.#topics.get(row.name) ?? { row, deletionListeners: new Set() }
    this.#topics.set(row.name, topic)
    return topic
  }

  #drop(name: string): void {
    const topic = this.#topics.get(name)
    this.#topics.delete(name)
    this.counts.forget(name)
    for (const onDeleted of topic?.deletionListeners ?? []) onDeleted()
    this.#channels.forget(name)
  }

  #announceChange(): void {
    const { others } = this.#deps
    others.publish(CHANGED, others.nodeId)
  }

  /** Takes over the topics that other nodes created or deleted. A topic that was deleted and created again is a new topic. */
  async #refresh(): Promise<void> {
    try {
      let rows: TopicRow[]
      let seen: number
      do {
        seen = this.#changes
        rows = await this.#deps.store.read(({ topics }) => topics.list())
      } while (seen !== this.#changes)
      const known = new Map(rows.map((row) => [row.name, row]))
      for (const [name, { row }] of this.#topics) if (known.get(name)?.createdAt !== row.createdAt) this.#drop(name)
      for (const row of rows) this.#add(row)
    } catch (error) {
      this.#deps.failed(error)
    }
  }
}
