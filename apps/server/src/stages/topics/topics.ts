// The topics and their messages. The database lists the topics for all nodes.
//
// Volatile topics, the default: messages live in each node's ring. They travel between nodes over the bus, in the order of each
// publisher. Durable topics: the store appends each message to a log first. Its `seq` there is its order on every node.
import {
  isNestedDeeper,
  MAX_JSON_DEPTH,
  topicOf,
  topicStream,
  topicToken,
  TablecastError,
  type TopicMessage,
  type TopicStats,
} from '@tablecast/contracts'
import { type Bus, BusError } from '@tablecast/bus'
import { type Channel, Hub, type Observe } from '@tablecast/hub'
import {
  MAX_WAIT_MS,
  type Store,
  type StoredEvent,
  type Repositories,
  type TopicRow,
  DatabaseProblemError,
} from '@tablecast/store'
import { changeAsCaller } from '../../rooms/change-as-user.ts'
import { jsonPart } from '../../transport/json-text.ts'
import { isAlone } from '../../cluster/is-alone.ts'
import type { NodeChannel } from '../../cluster/node-channel.ts'
import type { NodeEvents } from '../../cluster/node-events.ts'
import { Repeats } from './repeats.ts'
import { TopicCounts } from './topic-counts.ts'

export type TopicsDeps = {
  store: Store
  bus: Bus
  others: NodeChannel
  nodes: NodeEvents
  ringSize: number
  queueSize: number
  isDurable: boolean
  maxTopics: number
  observe: Observe
  failed(error: unknown): void
}

/** `payloadText`: the JSON that subscribers get byte for byte. */
export type PublishedMessage = { id: string; payloadText: string }

/** `text`: the bytes of the call, if they are known. They keep the payload as the client wrote it. */
export const publishedMessage = ({ id, payload }: TopicMessage, text: string | null | undefined): PublishedMessage => ({
  id,
  payloadText: (text ? jsonPart(text, ['message', 'payload']) : null) ?? JSON.stringify(payload),
})

type Topic = { row: TopicRow; deletionListeners: Set<() => void> }
type Waiting = {
  name: string
  text: string
  keyId: string | null
  deadline: number
  stored: PromiseWithResolvers<void>
}

const EVENTS = 'tablecast.topics.event'
const CHANGED = 'tablecast.topics.changed'
const REFRESH_INTERVAL_MS = 15_000
const MAX_BATCH = 200

export class Topics implements AsyncDisposable {
  readonly counts: TopicCounts
  readonly #deps: TopicsDeps
  readonly #hub: Hub
  readonly #open = new DisposableStack()
  readonly #topics = new Map<string, Topic>()
  readonly #finding = new Map<string, Promise<Topic>>()
  readonly #waiting: Waiting[] = []
  readonly #repeats = new Repeats()
  /** The number of messages that this node has published on the bus. */
  #sent = 0
  #lastAt: string | null = null
  /** The number of topics created and deleted here. A list that was read before the newest change is out of date. */
  #changes = 0
  #storing: Promise<void> | null = null

  private constructor(deps: TopicsDeps) {
    this.#deps = deps
    const { bus } = deps
    // The shared hub sweeps idle channels. A volatile topic has its only copy in its ring, so it needs a hub that never sweeps.
    this.#hub = deps.isDurable ? deps.nodes.hub : new Hub({}, deps.observe)
    this.counts = this.#open.use(new TopicCounts(deps.others))
    // Messages of durable topics reach a node as stored events, and only while it has subscribers. Without a log each node
    // keeps the newest messages of every topic, because the next subscriber may connect to it.
    const events =
      deps.isDurable || isAlone(bus)
        ? null
        : bus.subscribe(`${EVENTS}.*`, ({ subject, text, id }) => {
            // Stored events have a `seq` that shows repeats. These messages have only their marks.
            if (this.#repeats.isNew(id)) this.#receive(subject, text)
          })
    const changes = deps.others.subscribe(CHANGED, () => void this.#refresh())
    const timer = setInterval(() => void this.#refresh(), REFRESH_INTERVAL_MS)
    this.#open.defer(() => {
      events?.close()
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

  /** The channels of this class's own hub. Durable topics have theirs in the nodes' hub. */
  get channels(): Iterable<Channel> {
    return this.#deps.isDurable ? [] : this.#hub.channels
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
      if (!row) throw notFound(name)
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

  /** The error that ends the subscriptions of a deleted topic. */
  deleted(name: string): TablecastError {
    return new TablecastError('TOPIC_NOT_FOUND', `The topic ${name} was deleted.`)
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
    const channel = await this.#channel(name)
    if (this.#topics.get(name) !== topic) throw notFound(name)
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
    if (isNestedDeeper(message.payloadText))
      throw new TablecastError('BAD_REQUEST', `The payload is nested too deep: at most ${MAX_JSON_DEPTH} levels.`)
    const topic = await this.#find(name)
    const at = new Date().toISOString()
    const text = eventText(name, message, at)
    if (this.#deps.isDurable) await this.#append({ name, text, keyId, deadline })
    else await this.#send(topic, text)
    this.counts.published(name, at)
    this.#lastAt = at
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#open.dispose()
    await this.#storing
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
    if (!row) throw notFound(name)
    return this.#add(row)
  }

  #channel(name: string): Promise<Channel> {
    const { store, queueSize, ringSize, isDurable } = this.#deps
    const id = topicStream(name)
    const load = async () => {
      if (!isDurable) return { epoch: this.#deps.others.nodeId.slice(0, 8), head: 0 }
      const { stream, events } = await store.write(async ({ streams }) => {
        const row = await streams.open(id)
        return { stream: row, events: await streams.since(id, Math.max(row.floor, row.head - ringSize), ringSize) }
      })
      // The ring begins with the newest messages of the log.
      for (const event of events) this.#hub.publish(id, event)
      return { epoch: stream.epoch, head: (events[0]?.seq ?? stream.head + 1) - 1 }
    }
    // Another node stored messages that never came here: the bus was unreachable, or a message too large for it.
    const recover = async (after: number) => {
      const events = await store.read(({ streams }) => streams.since(id, after, ringSize))
      return { kind: 'events' as const, events }
    }
    return this.#hub.open(id, load, {
      policy: { kind: 'dropOldest', pending: queueSize, ...(isDurable ? { recover } : {}) },
      ringSize: Math.max(ringSize, queueSize),
    })
  }

  /** For volatile topics: into the ring, over the bus if there are other nodes. */
  async #send({ row: { name } }: Topic, text: string): Promise<void> {
    const { bus, others } = this.#deps
    if (isAlone(bus)) return this.#intoRing(name, text)
    try {
      bus.publish(`${EVENTS}.${topicToken(name)}`, text, { id: `${others.nodeId}.topics.${++this.#sent}` })
      await bus.flush()
    } catch (error) {
      if (!(error instanceof BusError)) throw error
      if (error.code === 'TOO_LARGE')
        throw new TablecastError(
          'MESSAGE_TOO_LARGE',
          'The message is larger than the bus between the nodes takes. Make it smaller.',
        )
      throw new TablecastError('BUS_UNAVAILABLE', 'The bus between the nodes is down: try again when it is back.')
    }
  }

  #receive(subject: string, text: string): void {
    const name = topicOf(subject.slice(EVENTS.length + 1))
    if (name === null) return
    this.#findOnce(name)
      .then(() => this.#intoRing(name, text))
      .catch((error: unknown) => {
        // The topic was deleted while the message was on its way.
        if (!(error instanceof TablecastError)) this.#deps.failed(error)
      })
  }

  /** Concurrent calls for one topic share a lookup, and continue in the order of the calls. That keeps messages in order. */
  #findOnce(name: string): Promise<Topic> {
    const finding = this.#finding.get(name) ?? this.#find(name).finally(() => this.#finding.delete(name))
    this.#finding.set(name, finding)
    return finding
  }

  async #intoRing(name: string, text: string): Promise<void> {
    const id = topicStream(name)
    const channel = this.#hub.get(id) ?? (await this.#channel(name))
    this.#lastAt = new Date().toISOString()
    channel.publish({ seq: channel.head + 1, text })
  }

  /** Stores all messages that are published in one turn of the event loop in one transaction. */
  #append(message: Omit<Waiting, 'stored'>): Promise<void> {
    const stored = Promise.withResolvers<void>()
    this.#waiting.push({ ...message, stored })
    this.#storing ??= this.#store().finally(() => (this.#storing = null))
    return stored.promise
  }

  async #store(): Promise<void> {
    const { store, nodes, ringSize } = this.#deps
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const now = performance.now()
      const { late = [], batch = [] } = Object.groupBy(this.#waiting.splice(0, MAX_BATCH), ({ deadline }) =>
        deadline <= now ? 'late' : 'batch',
      )
      for (const { stored } of late) stored.reject(new DatabaseProblemError('held'))
      if (batch.length === 0) continue
      try {
        const at = new Date().toISOString()
        const append = async ({ streams, topics, apiKeys }: Repositories) => {
          const names = [...new Set(batch.map(({ name }) => name))]
          const kept = await topics.keep(names)
          const good = await apiKeys.keep([...new Set(batch.flatMap(({ keyId }) => keyId ?? []))])
          // A message must not bring a deleted topic back, and a revoked key must not write.
          const refusalOf = ({ name, keyId }: Waiting) =>
            kept.has(name) ? (keyId === null || good.has(keyId) ? null : revoked()) : notFound(name)
          const done: (StoredEvent | TablecastError)[] = []
          for (const waiting of batch)
            done.push(refusalOf(waiting) ?? (await streams.append(topicStream(waiting.name), at, () => waiting.text)))
          for (const name of kept) await streams.trim(topicStream(name), ringSize)
          return done
        }
        const outcomes = await store.write(append, { deadline: Math.min(...batch.map(({ deadline }) => deadline)) })
        for (const outcome of outcomes) if (!(outcome instanceof TablecastError)) nodes.broadcast(outcome)
        for (const [index, { stored }] of batch.entries()) {
          const outcome = outcomes[index]
          if (outcome instanceof TablecastError) stored.reject(outcome)
          else stored.resolve()
        }
      } catch (error) {
        for (const { stored } of batch) stored.reject(error)
      }
    }
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
    this.#hub.forget(topicStream(name))
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

/** The text of a `TopicEvent`. The server never parses the payload in it. */
const eventText = (topic: string, { id, payloadText }: PublishedMessage, at: string): string =>
  `{"type":"event","topic":${JSON.stringify(topic)},"message":{"id":${JSON.stringify(id)},"payload":${payloadText}},"ts":"${at}"}`

const revoked = () => new TablecastError('UNAUTHORIZED', 'The API key was revoked. Create another.')

const notFound = (name: string) => new TablecastError('TOPIC_NOT_FOUND', `There is no topic ${name}: create it first.`)
