// The counts and measures of this node, for Prometheus and for the operators' page. Busy parts add to plain numbers, which are
// sampled at scrape time.
import {
  byStage,
  durationBounds,
  type NodeSample,
  parseStreamId,
  type Stage,
  type StageSample,
  stageOfStream,
  stages,
  type Transport,
} from '@tablecast/contracts'
import type { Bus, PubSub } from '@tablecast/bus'
import type { Channel, ChannelObserver } from '@tablecast/hub'
import type { Store } from '@tablecast/store'
import { Histogram, Registry } from 'prom-client'
import type { CallType } from '../transport/call-telemetry.ts'
import { isCounted, StageMeter } from '../transport/stage-meter.ts'
import { durationsOf, observing } from './durations.ts'
import { type Metric, register } from './metric.ts'
import { type Readiness, version } from './version.ts'

export type TransactionKind = 'read' | 'write'

export type MetricsDeps = {
  /** The id of this node. */
  node: string
  bus: Pick<Bus, 'kind' | 'isConnected'>
  /** The channels of the market. */
  redis: Pick<PubSub, 'kind' | 'isConnected'>
  database: Pick<Store, 'kind' | 'ping' | 'condition' | 'knownStates'>
  /** Called after each flush of a channel, within the call that caused it. */
  fannedOut?(stage: Stage, ms: number): void
}

/** Sampled at scrape time. */
export type MetricsSources = {
  readiness(): Readiness
  connections(): Record<Exclude<Transport, 'sse'>, number>
  channels(): Iterable<Channel>
  /** Bytes of bodies that are being received or processed. */
  bodyBytes(): number
  /** Connections that sign in and start their streams, in turn. */
  arrivals(): ArrivalCounts
  pictures(): Promise<PictureCounts>
}

type PictureCounts = Omit<NonNullable<NodeSample['pictures']>, 'render' | 'cut' | 'tile'>

export type ArrivalCounts = {
  waiting: number
  arriving: number
  /** How many lost their turn because they were not served in time. */
  overdue: number
}

/** A database that does not answer in this time counts as down. */
const PING_TIMEOUT_MS = 1_000

export type WordCounts = Map<string, number>
export type SubscriberCounts = {
  channels: number
  subscribers: Record<Transport, number>
  behind: number
  lagEvents: number
}

export class Metrics {
  readonly registry = new Registry()
  readonly deps: MetricsDeps
  readonly meters: Record<Stage, StageMeter>
  readonly errors: WordCounts = new Map()
  readonly disconnects: WordCounts = new Map()
  readonly refusedUpgrades: WordCounts = new Map()
  readonly messages = { in: 0, out: 0 }
  busReconnects = 0
  #sources: MetricsSources = {
    readiness: () => 'starting',
    connections: () => ({ trpc: 0, plain: 0, socketio: 0 }),
    channels: () => [],
    bodyBytes: () => 0,
    arrivals: () => ({ waiting: 0, arriving: 0, overdue: 0 }),
    pictures: () => Promise.resolve({ bytes: null, kept: 0, refused: 0, failed: 0, encoderDeaths: 0 }),
  }
  #counted: Record<Stage, SubscriberCounts> | null = null
  readonly #fanOut: Histogram
  readonly #delivery: Histogram
  readonly #calls: Histogram
  readonly #transactions: Histogram
  readonly #renders: Record<'picture' | 'map' | 'tile', Histogram>

  constructor(deps: MetricsDeps) {
    this.deps = deps
    this.#fanOut = this.#histogram('fan_out', 'One flush of a channel over its subscribers', 'stage')
    this.#delivery = this.#histogram('delivery', 'From commit, or arrival, to the write into the sockets', 'stage')
    this.#calls = this.#histogram('call', 'Calls of procedures and REST requests', 'type')
    this.#transactions = this.#histogram('transaction', 'Transactions of the database, with waiting for it', 'kind')
    this.#renders = {
      picture: this.#histogram('picture_render', 'From a picture that arrived to its variants', 'outcome'),
      map: this.#histogram('map_cut', 'From a picture of a map that arrived to its tiles', 'outcome'),
      tile: this.#histogram('tile_render', 'Fog on a tile of a map, with waiting for the process', 'outcome'),
    }
    this.meters = byStage((stage) => {
      const fanOut = observing(this.#fanOut, { stage })
      return new StageMeter(stage, {
        fanOut(ms) {
          fanOut(ms)
          deps.fannedOut?.(stage, ms)
        },
        delivery: observing(this.#delivery, { stage }),
      })
    })
  }

  /** Sets these sources. A part sets its own once it is open; until then they report 0 or nothing. */
  watch(sources: Partial<MetricsSources>): void {
    this.#sources = { ...this.#sources, ...sources }
  }

  /** Registers further metrics. */
  add(metrics: readonly Metric[]): void {
    for (const metric of metrics) register(this.registry, metric)
  }

  /** The observer of the channel with this id. */
  readonly observe = (channelId: string): ChannelObserver | undefined => {
    const stage = stageOfStream(channelId)
    return stage && this.meters[stage]
  }

  error(code: string): void {
    count(this.errors, code)
  }

  disconnected(reason: string): void {
    count(this.disconnects, reason)
  }

  refusedUpgrade(reason: string): void {
    count(this.refusedUpgrades, reason)
  }

  call(type: CallType, ms: number): void {
    this.#calls.observe({ type }, ms / 1_000)
  }

  transaction(kind: TransactionKind, ms: number): void {
    this.#transactions.observe({ kind }, ms / 1_000)
  }

  /** `outcome`: whether the picture, or the tile, was made. */
  rendered(what: 'picture' | 'map' | 'tile', outcome: 'made' | 'refused' | 'failed', ms: number): void {
    this.#renders[what].observe({ outcome }, ms / 1_000)
  }

  busMessage(direction: 'in' | 'out'): void {
    this.messages[direction] += 1
  }

  busReconnected(): void {
    this.busReconnects += 1
  }

  get readiness(): Readiness {
    return this.#sources.readiness()
  }

  get bodyBytes(): number {
    return this.#sources.bodyBytes()
  }

  get arrivals(): ArrivalCounts {
    return this.#sources.arrivals()
  }

  /** All metrics in the text format of Prometheus. */
  async exposition(): Promise<{ contentType: string; text: string }> {
    return { contentType: this.registry.contentType, text: await this.registry.metrics() }
  }

  /** The state of this node now. */
  async sample(): Promise<NodeSample> {
    const { node, bus, redis, database } = this.deps
    const counts = this.subscriberCounts()
    const [fanOut, delivery, calls, transactions, renders, cuts, tiles, pictures, isUp] = await Promise.all([
      durationsOf(this.#fanOut, 'stage'),
      durationsOf(this.#delivery, 'stage'),
      durationsOf(this.#calls, 'type'),
      durationsOf(this.#transactions, 'kind'),
      durationsOf(this.#renders.picture, 'outcome'),
      durationsOf(this.#renders.map, 'outcome'),
      durationsOf(this.#renders.tile, 'outcome'),
      this.#sources.pictures(),
      this.isDatabaseUp(),
    ])
    const stageSample = (stage: Stage): StageSample => {
      const { events, dropCount, snapshots, replays, reconnects, tallies } = this.meters[stage]
      const sum = [...tallies].reduce(
        (all, { deliveries, bytes }) => ({ deliveries: all.deliveries + deliveries, bytes: all.bytes + bytes }),
        { deliveries: 0, bytes: 0 },
      )
      return {
        ...counts[stage],
        ...sum,
        events,
        dropped: dropCount,
        snapshots,
        replayed: replays,
        reconnects,
        fanOut: fanOut(stage),
        delivery: delivery(stage),
      }
    }
    const cpu = process.cpuUsage()
    const memory = process.memoryUsage()
    return {
      node,
      version,
      at: new Date().toISOString(),
      uptimeSeconds: process.uptime(),
      readiness: this.readiness,
      connections: this.connections(),
      roomsFollowed: this.roomsFollowed(),
      stages: byStage(stageSample),
      errors: Object.fromEntries(this.errors),
      disconnects: Object.fromEntries(this.disconnects),
      refusedUpgrades: Object.fromEntries(this.refusedUpgrades),
      calls: { query: calls('query'), mutation: calls('mutation'), rest: calls('rest') },
      transactions: { read: transactions('read'), write: transactions('write') },
      bus: {
        kind: bus.kind,
        isConnected: bus.isConnected,
        sent: this.messages.out,
        received: this.messages.in,
        reconnects: this.busReconnects,
      },
      redis: { kind: redis.kind, isConnected: redis.isConnected },
      database: { kind: database.kind, isUp },
      pictures: { ...pictures, render: renders('made'), cut: cuts('made'), tile: tiles('made') },
      process: {
        rssBytes: memory.rss,
        heapBytes: memory.heapUsed,
        cpuSeconds: (cpu.user + cpu.system) / 1_000_000,
      },
    }
  }

  /** The subscribers of this node by stage. Counted once in each turn of the event loop, because one scrape asks several times. */
  subscriberCounts(): Record<Stage, SubscriberCounts> {
    if (this.#counted) return this.#counted
    setImmediate(() => (this.#counted = null))
    return (this.#counted = this.#countSubscribers())
  }

  /** Each subscription over SSE is a connection of its own. */
  connections(): Record<Transport, number> {
    const counts = this.subscriberCounts()
    const sse = stages.reduce((sum, stage) => sum + counts[stage].subscribers.sse, 0)
    return { ...this.#sources.connections(), sse }
  }

  roomsFollowed(): number {
    const rooms = new Set<string>()
    for (const { id, size } of this.#sources.channels()) {
      const stream = size > 0 ? parseStreamId(id) : null
      if (stream?.kind === 'room') rooms.add(stream.roomId)
    }
    return rooms.size
  }

  async isDatabaseUp(): Promise<boolean> {
    const late = Promise.withResolvers<boolean>()
    const timer = setTimeout(() => late.resolve(false), PING_TIMEOUT_MS)
    const answered = this.deps.database.ping().then(
      () => true,
      () => false,
    )
    try {
      return await Promise.race([answered, late.promise])
    } finally {
      clearTimeout(timer)
    }
  }

  #countSubscribers(): Record<Stage, SubscriberCounts> {
    const counts = byStage((): SubscriberCounts => ({
      channels: 0,
      subscribers: { trpc: 0, sse: 0, plain: 0, socketio: 0 },
      behind: 0,
      lagEvents: 0,
    }))
    for (const channel of this.#sources.channels()) {
      const stage = stageOfStream(channel.id)
      if (!stage) continue
      const seen = counts[stage]
      seen.channels += 1
      for (const { sink, isBehind, after, lag } of channel.cursors) {
        if (!isCounted(sink)) continue
        seen.subscribers[sink.tally.transport] += 1
        if (!isBehind) continue
        seen.behind += 1
        // A subscriber that waits for its first snapshot lacks no events.
        if (after !== null) seen.lagEvents = Math.max(seen.lagEvents, lag)
      }
    }
    return counts
  }

  #histogram(name: string, help: string, label: string): Histogram {
    return new Histogram({
      name: `tablecast_${name}_seconds`,
      help,
      labelNames: [label],
      buckets: [...durationBounds],
      registers: [this.registry],
    })
  }
}

const count = (words: WordCounts, word: string) => words.set(word, (words.get(word) ?? 0) + 1)
