// The topics of this node and what is published in them. Which topics there are stands in the database, for all nodes.
//
// Volatile, by default: messages live in each node's ring; between nodes they travel over the bus, in the order of each
// publisher. Durable: each message is stored first, and its place in the log is its order on every node.
import { randomUUID } from 'node:crypto'
import {
  isNestedDeeper,
  MAX_JSON_DEPTH,
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
  TroubleError,
} from '@tablecast/store'
import { onceBy } from '../../auth/change-as-user.ts'
import { jsonPart } from '../../transport/json-text.ts'
import type { NodeEvents } from '../../transport/node-events.ts'
import { Repeats } from './repeats.ts'
import { TopicCounts } from './topic-counts.ts'

export type TopicsParts = {
  store: Store
  bus: Bus
  nodes: NodeEvents
  ringSize: number
  queueSize: number
  isDurable: boolean
  maxTopics: number
  observe: Observe
  failed(error: unknown): void
}

/** `payloadText`: JSON, which subscribers get byte for byte. */
export type PublishedMessage = { id: string; payloadText: string }

/** `text`: the call as it came, where that is known. */
export const publishedMessage = ({ id, payload }: TopicMessage, text: string | null | undefined): PublishedMessage => ({
  id,
  payloadText: (text ? jsonPart(text, ['message', 'payload']) : null) ?? JSON.stringify(payload),
})

type Topic = { row: TopicRow; gone: Set<() => void> }
type Waiting = {
  name: string
  text: string
  keyId: string | null
  deadline: number
  stored: PromiseWithResolvers<void>
}

const EVENTS = 'tablecast.topics.event'
const CHANGED = 'tablecast.topics.changed'
const REFRESH_MS = 15_000
const MAX_BATCH = 200

export class Topics implements AsyncDisposable {
  readonly counts: TopicCounts
  readonly #parts: TopicsParts
  readonly #hub: Hub
  readonly #nodeId = randomUUID()
  readonly #open = new DisposableStack()
  readonly #topics = new Map<string, Topic>()
  readonly #finding = new Map<string, Promise<Topic>>()
  readonly #waiting: Waiting[] = []
  readonly #repeats = new Repeats()
  /** Messages that this node has put on the bus. */
  #passed = 0
  #lastAt: string | null = null
  /** Counts what was made and deleted here, so that a list that was read meanwhile is known to be old. */
  #changes = 0
  #storing: Promise<void> | null = null

  private constructor(parts: TopicsParts) {
    this.#parts = parts
    const { bus } = parts
    // A ring that holds the only copy is never swept away.
    this.#hub = parts.isDurable ? parts.nodes.hub : new Hub({}, parts.observe)
    this.counts = this.#open.use(new TopicCounts(bus, this.#nodeId))
    // What is stored comes as any stored event does, and only where somebody follows it. Without a log each node keeps the newest of
    // every topic, since whoever comes next may come to it.
    const events =
      parts.isDurable || bus.kind === 'memory'
        ? null
        : bus.subscribe(`${EVENTS}.*`, ({ subject, text, id }) => {
            // What is stored is known again by its place in the log; these by their marks.
            if (this.#repeats.isNew(id)) this.#heard(subject, text)
          })
    const changes = bus.subscribe(CHANGED, () => void this.#refresh())
    const timer = setInterval(() => void this.#refresh(), REFRESH_MS)
    this.#open.defer(() => {
      events?.close()
      changes.close()
      clearInterval(timer)
    })
  }

  static async open(parts: TopicsParts): Promise<Topics> {
    // Without a log, and with nobody else to remember them, the topics of the last run are gone with their messages.
    if (!parts.isDurable && parts.bus.kind === 'memory')
      await parts.store.write(async ({ topics }) => {
        for (const { name } of await topics.list()) await topics.remove(name)
      })
    const topics = new Topics(parts)
    await topics.#refresh()
    return topics
  }

  /** When something was last published here, or came from another node; null before. */
  get lastAt(): string | null {
    return this.#lastAt
  }

  get size(): number {
    return this.#topics.size
  }

  /** Those that are not among the nodes' own. */
  get channels(): Iterable<Channel> {
    return this.#parts.isDurable ? [] : this.#hub.channels
  }

  /** Throws TOPIC_EXISTS, RATE_LIMITED. The same `key` again is the same creation. */
  async create(name: string, ownerId: string | null, key: string | null = null): Promise<void> {
    const { maxTopics } = this.#parts
    const row = { name, ownerId, createdAt: new Date().toISOString() }
    const isMade = await this.#once('topics.create', ownerId, key, name, async ({ locks, topics }) => {
      // They are counted under it.
      await locks.hold('topics')
      if ((await topics.count()) >= maxTopics)
        throw new TablecastError('RATE_LIMITED', `there are ${maxTopics} topics, and no more are allowed: delete some`)
      if (!(await topics.insert(row))) throw new TablecastError('TOPIC_EXISTS', `there is a topic ${name} already`)
    })
    if (!isMade) return
    this.#changes += 1
    this.#add(row)
    this.#tellOthers()
  }

  /** Tells its subscribers. Throws TOPIC_NOT_FOUND, FORBIDDEN. The same `key` again is the same deletion. */
  async remove(name: string, userId: string | null, key: string | null = null): Promise<void> {
    const isGone = await this.#once('topics.remove', userId, key, name, async ({ topics, streams }) => {
      const row = await topics.lock(name)
      if (!row) throw notFound(name)
      if (userId !== null && row.ownerId !== null && row.ownerId !== userId)
        throw new TablecastError('FORBIDDEN', 'only who made the topic may delete it')
      await topics.remove(name)
      await streams.remove(streamOf(name))
    })
    if (!isGone) return
    this.#changes += 1
    this.#drop(name)
    this.#tellOthers()
  }

  /** What the subscribers of a deleted topic are told. */
  deleted(name: string): TablecastError {
    return new TablecastError('TOPIC_NOT_FOUND', `the topic ${name} was deleted`)
  }

  /** By name; counted over all nodes. */
  list(): (TopicRow & TopicStats)[] {
    return [...this.#topics.values()]
      .map(({ row }) => ({ ...row, ...this.counts.of(row.name) }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** Throws TOPIC_NOT_FOUND. `gone` is called when the topic is deleted, until what is returned is called. */
  async follow(name: string, gone: () => void): Promise<{ channel: Channel; forget: () => void }> {
    const topic = await this.#find(name)
    const channel = await this.#channel(name)
    if (this.#topics.get(name) !== topic) throw notFound(name)
    topic.gone.add(gone)
    return { channel, forget: () => void topic.gone.delete(gone) }
  }

  /** The seq after which a subscriber begins that wants the newest `lastN`. */
  startOf(channel: Channel, lastN: number): number {
    return Math.max(channel.floor, channel.head - Math.min(lastN, this.#parts.ringSize))
  }

  /**
   * `keyId`: of the API key that publishes. `deadline`: until when it may wait for the database. Resolves when it is on its way to every
   * subscriber. Throws BAD_REQUEST, TOPIC_NOT_FOUND, MESSAGE_TOO_LARGE, BUS_UNAVAILABLE.
   */
  async publish(
    name: string,
    message: PublishedMessage,
    keyId: string | null,
    deadline = performance.now() + MAX_WAIT_MS,
  ): Promise<void> {
    if (isNestedDeeper(message.payloadText))
      throw new TablecastError(
        'BAD_REQUEST',
        `message.payload: must not be nested deeper than ${MAX_JSON_DEPTH} levels`,
      )
    const topic = await this.#find(name)
    const at = new Date().toISOString()
    const text = eventText(name, message, at)
    if (this.#parts.isDurable) await this.#append({ name, text, keyId, deadline })
    else await this.#pass(topic, text)
    this.counts.published(name, at)
    this.#lastAt = at
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#open.dispose()
    await this.#storing
  }

  /** One transaction, once for the caller's key. False when it was done before. */
  #once(
    procedure: string,
    userId: string | null,
    key: string | null,
    topic: string,
    work: (tables: Repositories) => Promise<void>,
  ): Promise<boolean> {
    return this.#parts.store.write(async (tables) => {
      let isDone = false
      await onceBy(tables, procedure, userId, key, { topic }, async () => {
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
    // Perhaps another node has just made it.
    const row =
      this.#parts.bus.kind === 'memory' ? null : await this.#parts.store.read(({ topics }) => topics.get(name))
    if (!row) throw notFound(name)
    return this.#add(row)
  }

  #channel(name: string): Promise<Channel> {
    const { store, queueSize, ringSize, isDurable } = this.#parts
    const id = streamOf(name)
    const load = async () => {
      if (!isDurable) return { epoch: this.#nodeId.slice(0, 8), head: 0 }
      const { stream, events } = await store.write(async ({ streams }) => {
        const row = await streams.open(id)
        return { stream: row, events: await streams.since(id, Math.max(row.floor, row.head - ringSize), ringSize) }
      })
      // The ring begins with what the log remembers.
      for (const event of events) this.#hub.publish(id, event)
      return { epoch: stream.epoch, head: (events[0]?.seq ?? stream.head + 1) - 1 }
    }
    // Stored on another node, and never heard of here: the bus was away, or the message too large for it.
    const recover = async (after: number) => {
      const events = await store.read(({ streams }) => streams.since(id, after, ringSize))
      return { kind: 'events' as const, events }
    }
    return this.#hub.open(id, load, {
      policy: { kind: 'dropOldest', pending: queueSize, ...(isDurable ? { recover } : {}) },
      ringSize: Math.max(ringSize, queueSize),
    })
  }

  /** Without a log: into the ring, over the bus where there are other nodes. */
  async #pass({ row: { name } }: Topic, text: string): Promise<void> {
    const { bus } = this.#parts
    if (bus.kind === 'memory') return this.#intoRing(name, text)
    try {
      bus.publish(`${EVENTS}.${encoded(name)}`, text, { id: `${this.#nodeId}.${++this.#passed}` })
      await bus.flush()
    } catch (error) {
      if (!(error instanceof BusError)) throw error
      if (error.code === 'TOO_LARGE')
        throw new TablecastError('MESSAGE_TOO_LARGE', 'the message is larger than the bus between the nodes takes')
      throw new TablecastError('BUS_UNAVAILABLE', 'the bus between the nodes is down: try again when it is back')
    }
  }

  #heard(subject: string, text: string): void {
    const name = decoded(subject.slice(EVENTS.length + 1))
    this.#known(name)
      .then(() => this.#intoRing(name, text))
      .catch((error: unknown) => {
        // Deleted while the message was on its way.
        if (!(error instanceof TablecastError)) this.#parts.failed(error)
      })
  }

  /** Those who ask for the same topic at the same time go on in the order of their asking. */
  #known(name: string): Promise<Topic> {
    const finding = this.#finding.get(name) ?? this.#find(name).finally(() => this.#finding.delete(name))
    this.#finding.set(name, finding)
    return finding
  }

  async #intoRing(name: string, text: string): Promise<void> {
    const id = streamOf(name)
    const channel = this.#hub.get(id) ?? (await this.#channel(name))
    this.#lastAt = new Date().toISOString()
    channel.publish({ seq: channel.head + 1, text })
  }

  /** One transaction for all that is published in one turn of the loop. */
  #append(message: Omit<Waiting, 'stored'>): Promise<void> {
    const stored = Promise.withResolvers<void>()
    this.#waiting.push({ ...message, stored })
    this.#storing ??= this.#store().finally(() => (this.#storing = null))
    return stored.promise
  }

  async #store(): Promise<void> {
    const { store, nodes, ringSize } = this.#parts
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const now = performance.now()
      const { late = [], batch = [] } = Object.groupBy(this.#waiting.splice(0, MAX_BATCH), ({ deadline }) =>
        deadline <= now ? 'late' : 'batch',
      )
      for (const { stored } of late) stored.reject(new TroubleError('held'))
      if (batch.length === 0) continue
      try {
        const at = new Date().toISOString()
        const append = async ({ streams, topics, apiKeys }: Repositories) => {
          const names = [...new Set(batch.map(({ name }) => name))]
          const kept = await topics.keep(names)
          const good = await apiKeys.keep([...new Set(batch.flatMap(({ keyId }) => keyId ?? []))])
          // A topic that was deleted does not come back by a message, and a key that was revoked writes nothing more.
          const refusalOf = ({ name, keyId }: Waiting) =>
            kept.has(name) ? (keyId === null || good.has(keyId) ? null : revoked()) : notFound(name)
          const done: (StoredEvent | TablecastError)[] = []
          for (const waiting of batch)
            done.push(refusalOf(waiting) ?? (await streams.append(streamOf(waiting.name), at, () => waiting.text)))
          for (const name of kept) await streams.trim(streamOf(name), ringSize)
          return done
        }
        const outcomes = await store.write(append, { deadline: Math.min(...batch.map(({ deadline }) => deadline)) })
        for (const outcome of outcomes) if (!(outcome instanceof TablecastError)) nodes.broadcast(outcome)
        for (const [place, { stored }] of batch.entries()) {
          const outcome = outcomes[place]
          if (outcome instanceof TablecastError) stored.reject(outcome)
          else stored.resolve()
        }
      } catch (error) {
        for (const { stored } of batch) stored.reject(error)
      }
    }
  }

  #add(row: TopicRow): Topic {
    const topic = this.#topics.get(row.name) ?? { row, gone: new Set() }
    this.#topics.set(row.name, topic)
    return topic
  }

  #drop(name: string): void {
    const topic = this.#topics.get(name)
    this.#topics.delete(name)
    this.counts.forget(name)
    for (const gone of topic?.gone ?? []) gone()
    this.#hub.forget(streamOf(name))
  }

  #tellOthers(): void {
    const { bus } = this.#parts
    if (bus.kind === 'memory' || !bus.isConnected) return
    bus.publish(CHANGED, this.#nodeId)
  }

  /** What another node made or deleted. One that was deleted and made again is another topic. */
  async #refresh(): Promise<void> {
    try {
      let rows: TopicRow[]
      let seen: number
      do {
        seen = this.#changes
        rows = await this.#parts.store.read(({ topics }) => topics.list())
      } while (seen !== this.#changes)
      const known = new Map(rows.map((row) => [row.name, row]))
      for (const [name, { row }] of this.#topics) if (known.get(name)?.createdAt !== row.createdAt) this.#drop(name)
      for (const row of rows) this.#add(row)
    } catch (error) {
      this.#parts.failed(error)
    }
  }
}

/** A `TopicEvent`, around a payload that is never parsed on its way. */
const eventText = (topic: string, { id, payloadText }: PublishedMessage, at: string): string =>
  `{"type":"event","topic":${JSON.stringify(topic)},"message":{"id":${JSON.stringify(id)},"payload":${payloadText}},"ts":"${at}"}`

const encoded = (name: string): string => Buffer.from(name).toString('base64url')
const decoded = (token: string): string => Buffer.from(token, 'base64url').toString()

/** Names hold dots and colons; ids of streams don't. */
export const streamOf = (name: string): string => `topic:${encoded(name)}`

const revoked = () => new TablecastError('UNAUTHORIZED', 'the API key was revoked')

const notFound = (name: string) => new TablecastError('TOPIC_NOT_FOUND', `there is no topic ${name}: create it first`)
