// What this node counts and measures, for Prometheus and for the operators' page. Where much goes on, parts add to plain
// numbers, and these are read when somebody asks.
import {
  durationBounds,
  type Durations,
  type FeedStatus,
  type MarketStatus,
  type NodeSample,
  quantileOf,
  type Stage,
  type StageSample,
  stages,
  type Transport,
  transports,
} from '@tablecast/contracts'
import type { Bus, PubSub } from '@tablecast/bus'
import type { Channel, ChannelObserver } from '@tablecast/hub'
import type { Store } from '@tablecast/store'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { type Readiness, version } from './health.ts'
import { isCounted, stageOf, StageMeter } from './stage-meter.ts'

export type CallType = 'query' | 'mutation' | 'rest'
export type TransactionKind = 'read' | 'write'

/** What is looked at when somebody asks. */
export type MetricsSources = {
  /** This node among others. */
  node: string
  readiness(): Readiness
  connections(): Record<Exclude<Transport, 'sse'>, number>
  channels(): Iterable<Channel>
  /** Of bodies that are received or worked on. */
  bodyBytes(): number
  bus: Pick<Bus, 'kind' | 'isConnected'>
  /** The market's. */
  redis(): Pick<PubSub, 'kind' | 'isConnected'>
  database: Pick<Store, 'kind' | 'ping' | 'condition'>
  /** The feeds of signals. */
  feeds(): readonly FeedStatus[]
  /** How the market's channels do. */
  market(): MarketStatus
  /** Told of each flush of a channel, while it is in the middle of its work. */
  fannedOut?(stage: Stage, ms: number): void
}

/** A database that does not answer in this time counts as down. */
const PING_MS = 1_000

type Words = Map<string, number>
type Looked = {
  channels: number
  subscribers: Record<Transport, number>
  behind: number
  lagEvents: number
}

export class Metrics {
  readonly registry = new Registry()
  readonly #sources: MetricsSources
  readonly #meters: Record<Stage, StageMeter>
  readonly #errors: Words = new Map()
  readonly #disconnects: Words = new Map()
  readonly #refusedUpgrades: Words = new Map()
  readonly #scenarios: Words = new Map()
  readonly #imports: Words = new Map()
  #importedPageBytes = 0
  readonly #messages = { in: 0, out: 0 }
  #busReconnects = 0
  #looked: Record<Stage, Looked> | null = null
  readonly #fanOut: Histogram
  readonly #delivery: Histogram
  readonly #calls: Histogram
  readonly #transactions: Histogram

  constructor(sources: MetricsSources) {
    this.#sources = sources
    this.#fanOut = this.#histogram('fan_out', 'One flush of a channel over its subscribers', 'stage')
    this.#delivery = this.#histogram('delivery', 'From commit, or arrival, to the write into the sockets', 'stage')
    this.#calls = this.#histogram('call', 'Calls of procedures and REST requests', 'type')
    this.#transactions = this.#histogram('transaction', 'Transactions of the database, with waiting for it', 'kind')
    const meter = (stage: Stage) => {
      const fanOut = observing(this.#fanOut, { stage })
      return new StageMeter(stage, {
        fanOut(ms) {
          fanOut(ms)
          sources.fannedOut?.(stage, ms)
        },
        delivery: observing(this.#delivery, { stage }),
      })
    }
    this.#meters = {
      campaign: meter('campaign'),
      arena: meter('arena'),
      topics: meter('topics'),
      signals: meter('signals'),
      market: meter('market'),
    }
    this.#countStages()
    this.#countWords()
    this.#lookAround()
    this.#lookAtFeeds()
    this.#lookAtMarket()
    collectDefaultMetrics({ register: this.registry })
  }

  /** The observer of a channel, by its id. */
  readonly observe = (channelId: string): ChannelObserver | undefined => {
    const stage = stageOf(channelId)
    return stage && this.#meters[stage]
  }

  error(code: string): void {
    add(this.#errors, code)
  }

  disconnected(reason: string): void {
    add(this.#disconnects, reason)
  }

  refusedUpgrade(reason: string): void {
    add(this.#refusedUpgrades, reason)
  }

  /** How the reading of an imported scenario ended. */
  scenario(outcome: string): void {
    add(this.#scenarios, outcome)
  }

  call(type: CallType, ms: number): void {
    this.#calls.observe({ type }, ms / 1_000)
  }

  transaction(kind: TransactionKind, ms: number): void {
    this.#transactions.observe({ kind }, ms / 1_000)
  }

  imported(form: string, pageBytes: number): void {
    add(this.#imports, form)
    this.#importedPageBytes += pageBytes
  }

  busMessage(direction: 'in' | 'out'): void {
    this.#messages[direction] += 1
  }

  busReconnected(): void {
    this.#busReconnects += 1
  }

  /** All of it in the text format of Prometheus. */
  async exposition(): Promise<{ contentType: string; text: string }> {
    return { contentType: this.registry.contentType, text: await this.registry.metrics() }
  }

  /** How this node stands now. */
  async sample(): Promise<NodeSample> {
    const { node, readiness, bus, redis, database } = this.#sources
    const looked = this.#look()
    const [fanOut, delivery, calls, transactions, isUp] = await Promise.all([
      durationsOf(this.#fanOut, 'stage'),
      durationsOf(this.#delivery, 'stage'),
      durationsOf(this.#calls, 'type'),
      durationsOf(this.#transactions, 'kind'),
      this.#isDatabaseUp(),
    ])
    const stageSample = (stage: Stage): StageSample => {
      const { events, dropCount, snapshots, replays, reconnects, tallies } = this.#meters[stage]
      const sum = [...tallies].reduce(
        (all, { deliveries, bytes }) => ({ deliveries: all.deliveries + deliveries, bytes: all.bytes + bytes }),
        { deliveries: 0, bytes: 0 },
      )
      return {
        ...looked[stage],
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
      readiness: readiness(),
      connections: this.#connections(looked),
      roomsFollowed: this.#roomsFollowed(),
      stages: {
        campaign: stageSample('campaign'),
        arena: stageSample('arena'),
        topics: stageSample('topics'),
        signals: stageSample('signals'),
        market: stageSample('market'),
      },
      errors: Object.fromEntries(this.#errors),
      disconnects: Object.fromEntries(this.#disconnects),
      refusedUpgrades: Object.fromEntries(this.#refusedUpgrades),
      calls: { query: calls('query'), mutation: calls('mutation'), rest: calls('rest') },
      transactions: { read: transactions('read'), write: transactions('write') },
      bus: {
        kind: bus.kind,
        isConnected: bus.isConnected,
        sent: this.#messages.out,
        received: this.#messages.in,
        reconnects: this.#busReconnects,
      },
      redis: { kind: redis().kind, isConnected: redis().isConnected },
      database: { kind: database.kind, isUp },
      process: {
        rssBytes: memory.rss,
        heapBytes: memory.heapUsed,
        cpuSeconds: (cpu.user + cpu.system) / 1_000_000,
      },
    }
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

  /** `read` tells the values with their labels, when somebody asks. */
  #counter(name: string, help: string, labelNames: string[], read: () => Iterable<Value>): void {
    const metric = new Counter({
      name: `tablecast_${name}_total`,
      help,
      labelNames,
      registers: [],
      collect() {
        this.reset()
        for (const [labels, value] of read()) this.inc(labels, value)
      },
    })
    this.registry.registerMetric(metric)
  }

  #gauge(name: string, help: string, labelNames: string[], read: () => Iterable<Value> | Promise<Iterable<Value>>) {
    const metric = new Gauge({
      name: `tablecast_${name}`,
      help,
      labelNames,
      registers: [],
      async collect() {
        const values = await read()
        this.reset()
        for (const [labels, value] of values) this.set(labels, value)
      },
    })
    this.registry.registerMetric(metric)
  }

  #countStages(): void {
    const byStage = (name: string, help: string, read: (meter: StageMeter) => number) =>
      this.#counter(name, help, ['stage'], () => stages.map((stage) => [{ stage }, read(this.#meters[stage])]))
    const byTransport = (name: string, help: string, field: 'deliveries' | 'bytes') =>
      this.#counter(name, help, ['stage', 'transport'], () =>
        stages.flatMap((stage) =>
          [...this.#meters[stage].tallies].map((tally): Value => [{ stage, transport: tally.transport }, tally[field]]),
        ),
      )
    byStage('events', 'Events that came to a channel of this node', ({ events }) => events)
    byTransport('deliveries', 'Events and snapshots written to a client', 'deliveries')
    byTransport('sent_bytes', 'Bytes of these, with their WebSocket frames', 'bytes')
    byStage('dropped_events', 'Events left out for a slow subscriber', ({ dropCount }) => dropCount)
    byStage('snapshots', 'Snapshots that a subscriber got in place of events', ({ snapshots }) => snapshots)
    byStage('replayed_events', 'Events read again for a subscriber, from memory or the log', ({ replays }) => replays)
    byStage('reconnects', 'Subscriptions that came with a place to go on from', ({ reconnects }) => reconnects)
  }

  #countWords(): void {
    const byWord = (name: string, help: string, label: string, words: Words) =>
      this.#counter(name, help, [label], () => [...words].map(([word, count]): Value => [{ [label]: word }, count]))
    byWord('errors', 'Errors that a client was told of', 'code', this.#errors)
    byWord('disconnects', 'Sockets that closed', 'reason', this.#disconnects)
    byWord(
      'refused_upgrades',
      'Connections that were refused before they became sockets',
      'reason',
      this.#refusedUpgrades,
    )
    byWord('scenarios', 'Scenarios that were read for a preview or an import, by outcome', 'outcome', this.#scenarios)
    byWord('imports', 'Imports of a campaign, by the form of the file', 'form', this.#imports)
    this.#counter('imported_page_bytes', 'Bytes of the pages of imported campaigns', [], () => [
      [{}, this.#importedPageBytes],
    ])
    this.#counter('bus_messages', 'Messages of the bus between the nodes', ['direction'], () =>
      (['in', 'out'] as const).map((direction) => [{ direction }, this.#messages[direction]]),
    )
    this.#counter('bus_reconnects', 'Times that the bus came back', [], () => [[{}, this.#busReconnects]])
  }

  #lookAround(): void {
    const { readiness, bus, redis, database } = this.#sources
    const plain = (name: string, help: string, read: () => number) => this.#gauge(name, help, [], () => [[{}, read()]])
    const byStage = (name: string, help: string, field: 'channels' | 'behind' | 'lagEvents') =>
      this.#gauge(name, help, ['stage'], () => {
        const looked = this.#look()
        return stages.map((stage): Value => [{ stage }, looked[stage][field]])
      })
    plain('ready', 'Whether this node takes clients', () => Number(readiness() === 'ready'))
    this.#gauge('connections', 'Open connections', ['transport'], () => {
      const connections = this.#connections(this.#look())
      return transports.map((transport): Value => [{ transport }, connections[transport]])
    })
    this.#gauge('subscribers', 'Subscriptions of clients', ['stage', 'transport'], () => {
      const looked = this.#look()
      return stages.flatMap((stage) =>
        transports.map((transport): Value => [{ stage, transport }, looked[stage].subscribers[transport]]),
      )
    })
    byStage('cursor_lag_events', 'Events that the slowest subscriber has still to get', 'lagEvents')
    byStage('cursors_behind', 'Subscribers that have not got everything', 'behind')
    byStage('channels', 'Open channels', 'channels')
    plain('body_bytes_in_flight', 'Bytes of HTTP bodies that are received or worked on', () =>
      this.#sources.bodyBytes(),
    )
    plain('rooms_followed', 'Rooms that somebody follows here', () => this.#roomsFollowed())
    this.#gauge('bus_connected', 'Whether the bus can be reached', ['bus'], () => [
      [{ bus: bus.kind }, Number(bus.isConnected)],
    ])
    plain('redis_connected', 'Whether the channels of the market can be reached', () => Number(redis().isConnected))
    this.#gauge('database_up', 'Whether the database answers', ['database'], async () => [
      [{ database: database.kind }, Number(await this.#isDatabaseUp())],
    ])
    this.#gauge('database_writable', 'Whether the database takes changes, as far as is known', ['database'], () => [
      [{ database: database.kind }, Number((database.condition?.trouble ?? null) === null)],
    ])
    plain('database_wal_bytes', 'Size of the write-ahead log of SQLite', () => database.condition?.walBytes ?? 0)
  }

  #lookAtFeeds(): void {
    const byFeed = (read: (feed: FeedStatus) => number) => () =>
      this.#sources.feeds().map((feed): Value => [{ feed: feed.name }, read(feed)])
    const gauge = (name: string, help: string, read: (feed: FeedStatus) => number) =>
      this.#gauge(`feed_${name}`, help, ['feed'], byFeed(read))
    const counter = (name: string, help: string, read: (feed: FeedStatus) => number) =>
      this.#counter(`feed_${name}`, help, ['feed'], byFeed(read))
    gauge('running', 'Whether a feed of signals is read', ({ isRunning }) => Number(isRunning))
    gauge('down', 'Whether a feed can not be read; /health tells why', ({ isDown }) => Number(isDown))
    gauge('lag_messages', 'Messages of a feed’s stream that are still to come', ({ lag }) => lag)
    counter('received', 'Payloads that came on a feed', ({ received }) => received)
    counter('skipped', 'Payloads of a feed that were no JSON, or nested too deep', ({ skipped }) => skipped)
    counter('send_errors', 'Plain sockets that broke while they followed a feed', ({ sendErrors }) => sendErrors)
  }

  #lookAtMarket(): void {
    const { market } = this.#sources
    this.#gauge('market_waiting_messages', 'Messages of the market that are stored and not published yet', [], () => [
      [{}, market().waiting],
    ])
    const counter = (name: string, help: string, read: (status: MarketStatus) => number) =>
      this.#counter(`market_${name}`, help, [], () => [[{}, read(market())]])
    counter(
      'recovered_messages',
      'Discussion messages read from the log, that the channels had not brought',
      ({ recovered }) => recovered,
    )
    counter(
      'dropped_messages',
      'Messages of the market’s channels that were no JSON or did not fit',
      ({ dropped }) => dropped,
    )
  }

  /** Everybody who follows something here, by stage; looked up once for all that is asked in one turn of the loop. */
  #look(): Record<Stage, Looked> {
    if (this.#looked) return this.#looked
    setImmediate(() => (this.#looked = null))
    return (this.#looked = this.#lookAnew())
  }

  #lookAnew(): Record<Stage, Looked> {
    const none = (): Looked => ({
      channels: 0,
      subscribers: { trpc: 0, sse: 0, plain: 0, socketio: 0 },
      behind: 0,
      lagEvents: 0,
    })
    const looked = { campaign: none(), arena: none(), topics: none(), signals: none(), market: none() }
    for (const channel of this.#sources.channels()) {
      const stage = stageOf(channel.id)
      if (!stage) continue
      const seen = looked[stage]
      seen.channels += 1
      for (const { sink, isBehind, after, lag } of channel.cursors) {
        if (!isCounted(sink)) continue
        seen.subscribers[sink.tally.transport] += 1
        if (!isBehind) continue
        seen.behind += 1
        // Who waits for a first snapshot lacks no events.
        if (after !== null) seen.lagEvents = Math.max(seen.lagEvents, lag)
      }
    }
    return looked
  }

  /** Each subscription over SSE is a connection of its own. */
  #connections(looked: Record<Stage, Looked>): Record<Transport, number> {
    const sse = stages.reduce((sum, stage) => sum + looked[stage].subscribers.sse, 0)
    return { ...this.#sources.connections(), sse }
  }

  #roomsFollowed(): number {
    const rooms = new Set<string | undefined>()
    for (const { id, size } of this.#sources.channels())
      if (size > 0 && id.startsWith('room:')) rooms.add(id.split(':')[1])
    return rooms.size
  }

  async #isDatabaseUp(): Promise<boolean> {
    const late = Promise.withResolvers<boolean>()
    const timer = setTimeout(() => late.resolve(false), PING_MS)
    const answered = this.#sources.database.ping().then(
      () => true,
      () => false,
    )
    try {
      return await Promise.race([answered, late.promise])
    } finally {
      clearTimeout(timer)
    }
  }
}

type Value = [labels: Record<string, string>, value: number]

const add = (words: Words, word: string) => words.set(word, (words.get(word) ?? 0) + 1)

function observing(histogram: Histogram, labels: Record<string, string>): (ms: number) => void {
  const child = histogram.labels(labels)
  return (ms) => child.observe(ms / 1_000)
}

/** What a histogram holds for each value of its label. */
async function durationsOf(histogram: Histogram, label: string): Promise<(value: string) => Durations> {
  const { values } = await histogram.get()
  const found = Map.groupBy(values, ({ labels }) => String(labels[label]))
  return (value) => {
    const all = found.get(value) ?? []
    const cumulative = all.filter(({ labels }) => labels.le !== undefined).map((bucket) => bucket.value)
    const buckets = cumulative.length
      ? cumulative.map((count, place) => count - (cumulative[place - 1] ?? 0))
      : [...durationBounds, null].map(() => 0)
    return {
      count: all.find(({ metricName }) => metricName?.endsWith('_count'))?.value ?? 0,
      sumSeconds: all.find(({ metricName }) => metricName?.endsWith('_sum'))?.value ?? 0,
      buckets,
      p50: quantileOf(buckets, 0.5),
      p99: quantileOf(buckets, 0.99),
    }
  }
}
