// The feeds of this node. Subscribers get the newest payload of each, byte for byte.
import { isNestedDeeper, type FeedStatus, signalsStream, TablecastError } from '@tablecast/contracts'
import type { Bus, BusMessage, Feed, FeedSource } from '@tablecast/bus'
import { Channel, type Observe } from '@tablecast/hub'
import { adviceOn } from './feed-problem.ts'

export type SignalsDeps = {
  bus: Bus
  feeds: readonly { name: string; stream: string; subject: string }[]
  /** False for the default feeds: perhaps no program ever publishes on them. */
  areNamed: boolean
  consumer: 'durable' | 'broadcast'
  /** Called with the feed's name for each payload that is not JSON or is nested too deep. */
  onSkipped(name: string): void
  observe: Observe
  now?: () => number
}

/** A rate is the mean over this number of whole seconds. */
const RATE_SECONDS = 10
/** Only the newest value matters. A few more stay for cursors that are about to read them. */
const RING_SIZE = 8

class SignalFeed {
  readonly name: string
  readonly channel: Channel
  readonly subject: string
  received = 0
  skipped = 0
  sendErrors = 0
  lastAt: number | null = null
  readonly #arrivals = new Map<number, number>()
  readonly #now: () => number

  constructor({ name, subject, observe, now }: { name: string; subject: string; observe: Observe; now: () => number }) {
    const id = signalsStream(name)
    this.name = name
    this.subject = subject
    this.#now = now
    this.channel = new Channel(
      id,
      { epoch: 'signals', head: 0 },
      { policy: { kind: 'latest' }, ringSize: RING_SIZE, observer: observe(id) },
    )
  }

  publish(text: string): void {
    this.received += 1
    this.lastAt = this.#now()
    const second = Math.floor(this.lastAt / 1_000)
    this.#arrivals.set(second, (this.#arrivals.get(second) ?? 0) + 1)
    for (const past of this.#arrivals.keys()) if (past < second - RATE_SECONDS) this.#arrivals.delete(past)
    this.channel.publish({ seq: this.channel.head + 1, text })
  }

  /** The seq after which a new subscriber begins: it gets the newest value at once, if there is one. */
  get start(): number {
    return Math.max(0, this.channel.head - 1)
  }

  get rate(): number {
    const second = Math.floor(this.#now() / 1_000)
    let sum = 0
    for (const [at, count] of this.#arrivals) if (at < second && at >= second - RATE_SECONDS) sum += count
    return sum / RATE_SECONDS
  }
}

export class Signals implements AsyncDisposable {
  readonly #feeds: readonly SignalFeed[]
  readonly #sources: readonly { source: FeedSource; feed: Feed }[]
  readonly #areNamed: boolean

  constructor({ bus, feeds, areNamed, consumer, onSkipped, observe, now = Date.now }: SignalsDeps) {
    this.#areNamed = areNamed
    this.#feeds = feeds.map(({ name, subject }) => new SignalFeed({ name, subject, observe, now }))
    const take = (feed: SignalFeed, { json, text }: BusMessage) => {
      if (json === undefined || isNestedDeeper(text)) {
        feed.skipped += 1
        onSkipped(feed.name)
      } else feed.publish(text)
    }
    this.#sources = feeds.map(({ name, stream, subject }, index) => {
      const source = { stream, subject, durable: consumer === 'durable' ? `gateway_${name}` : null }
      const feed = bus.follow(source, (message) => {
        const known = this.#feeds[index]
        if (known) take(known, message)
      })
      return { source, feed }
    })
  }

  /** The feed of that name; null is the first feed. Throws NOT_FOUND. */
  get(name: string | null): SignalFeed {
    const feed = name === null ? this.#feeds[0] : this.#feeds.find((one) => one.name === name)
    if (!feed) throw new TablecastError('NOT_FOUND', `There is no feed ${name ?? ''}. Choose another.`)
    return feed
  }

  get channels(): Iterable<Channel> {
    return this.#feeds.map(({ channel }) => channel)
  }

  has(name: string): boolean {
    return this.#feeds.some((feed) => feed.name === name)
  }

  /** Whether the server has no feeds. */
  get isEmpty(): boolean {
    return this.#feeds.length === 0
  }

  status(): FeedStatus[] {
    return this.#feeds.map((feed, index) => ({
      name: feed.name,
      subject: feed.subject,
      ...this.#reading(feed, index),
      received: feed.received,
      skipped: feed.skipped,
      rate: feed.rate,
      sendErrors: feed.sendErrors,
      lastAt: feed.lastAt === null ? null : new Date(feed.lastAt).toISOString(),
      subscribers: feed.channel.size,
    }))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { feed } of this.#sources) await feed[Symbol.asyncDispose]()
  }

  #reading({ received }: SignalFeed, index: number): Pick<FeedStatus, 'isRunning' | 'lag' | 'problem' | 'isDown'> {
    const found = this.#sources[index]
    if (!found) return { isRunning: false, lag: 0, problem: null, isDown: false }
    const { source, feed } = found
    const { isRunning, lag, problem } = feed
    // Where the operator named no feeds, a NATS server without JetStream serves only as the nodes' bus. That is no fault.
    const isUnused = problem?.code === 'NO_JETSTREAM' && !this.#areNamed && received === 0
    return {
      isRunning,
      lag,
      problem: problem && adviceOn(problem, source),
      isDown: problem !== null && !isUnused,
    }
  }
}
