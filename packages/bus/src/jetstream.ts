// JetStream (https://docs.nats.io/nats-concepts/jetstream): a pull consumer that is set up again whenever it ends.
import {
  AckPolicy,
  type ConsumerMessages,
  DeliverPolicy,
  jetstream,
  jetstreamManager,
  type JetStreamManager,
} from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import type { Feed, FeedProblem, FeedSource } from './feed.ts'
import { mustServe, problemOf } from './jetstream-problem.ts'
import { Message } from './message.ts'
import { pause } from './pause.ts'
import type { BusMessage } from './bus.ts'

const RETRY_DELAY_MS = 250
const MAX_RETRY_DELAY_MS = 5_000
const LAG_INTERVAL_MS = 2_000
const EPHEMERAL_NS = 60_000_000_000
/** The server deletes a consumer that only counts after this time, if this process could not. */
const COUNTING_NS = 5_000_000_000

export type JetStreamFeedDeps = FeedSource & {
  connection(): NatsConnection | null
  handle(message: BusMessage): void
  failed(error: unknown): void
}

/** `at`: when the stream took it, in nanoseconds since 1970. */
type Taken = { subject: string; data: Uint8Array; seq: number; at: bigint }

/** Delivers values in order. A redelivered older value is left out. */
export class JetStreamFeed implements Feed {
  readonly #deps: JetStreamFeedDeps
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  #messages: ConsumerMessages | null = null
  #isRunning = false
  #lag = 0
  #problem: FeedProblem | null = null
  #newest = { seq: 0, at: 0n }

  constructor(deps: JetStreamFeedDeps) {
    this.#deps = deps
    this.#running = this.#run()
  }

  get isRunning(): boolean {
    return this.#isRunning
  }

  get lag(): number {
    return this.#lag
  }

  get problem(): FeedProblem | null {
    return this.#problem
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    this.#messages?.stop()
    await this.#running
  }

  async #run(): Promise<void> {
    for (let wait = RETRY_DELAY_MS; !this.#closing.signal.aborted; wait = Math.min(MAX_RETRY_DELAY_MS, wait * 2)) {
      const connection = this.#deps.connection()
      if (connection) {
        try {
          await this.#consume(connection)
          wait = RETRY_DELAY_MS
        } catch (error) {
          if (!this.#closing.signal.aborted) await this.#stopped(connection, error)
        }
        this.#isRunning = false
      }
      await pause(wait, this.#closing.signal)
    }
  }

  async #consume(connection: NatsConnection): Promise<void> {
    const { stream, durable } = this.#deps
    const manager = await jetstreamManager(connection)
    const known = durable === null ? null : await manager.consumers.info(stream, durable).catch(() => null)
    if (known) mustServe(known.config, this.#deps)
    const { name, num_pending: pending } = known ?? (await this.#addConsumer(manager))
    const consumer = await jetstream(connection).consumers.get(stream, name)
    if (this.#closing.signal.aborted) return
    const messages = await consumer.consume({ max_messages: 256, abort_on_missing_resource: true })
    this.#messages = messages
    this.#isRunning = true
    this.#problem = null
    this.#lag = pending
    // A process that is gone took all messages, or the server still holds them back for it. A new reader needs the newest value anyway.
    const takeNewest = () => void this.#takeNewest(manager).catch((error: unknown) => this.#deps.failed(error))
    const atFirst = this.#newest
    const late = pending > 0 ? setTimeout(() => this.#newest === atFirst && takeNewest(), LAG_INTERVAL_MS) : undefined
    if (pending === 0) takeNewest()
    const measuring = setInterval(() => {
      consumer.info().then(
        ({ num_pending: left }) => void (this.#lag = left),
        () => {}, // The consumer's end is noticed by its messages.
      )
    }, LAG_INTERVAL_MS)
    try {
      for await (const message of messages) {
        message.ack()
        const { subject, data, seq } = message
        this.#take({ subject, data, seq, at: BigInt(message.info.timestampNanos) })
      }
    } catch (error) {
      // The consumer or the stream was deleted. The next set-up finds out which.
      if (!this.#closing.signal.aborted) this.#deps.failed(error)
    } finally {
      clearTimeout(late)
      clearInterval(measuring)
      this.#messages = null
    }
  }

  #addConsumer(manager: JetStreamManager) {
    const { stream, subject, durable } = this.#deps
    return manager.consumers.add(stream, {
      ...(durable === null ? { inactive_threshold: EPHEMERAL_NS } : { durable_name: durable }),
      filter_subject: subject,
      ack_policy: AckPolicy.Explicit,
      // A new reader wants the newest value at once, and then the following ones.
      deliver_policy: DeliverPolicy.Last,
    })
  }

  async #takeNewest(manager: JetStreamManager): Promise<void> {
    const { stream, subject } = this.#deps
    const stored = await manager.streams.getMessage(stream, { last_by_subj: subject })
    if (!stored || this.#closing.signal.aborted) return
    this.#take({ subject, data: stored.data, seq: stored.seq, at: nanosecondsOf(stored.timestamp) })
  }

  #take({ subject, data, seq, at }: Taken): void {
    // A consumer that existed before may read more subjects than this feed.
    if (subject !== this.#deps.subject) return
    // A server that died forgets acknowledgements. A new stream of the same name counts from 1 again, with later times.
    if (seq <= this.#newest.seq && at <= this.#newest.at) return
    this.#newest = { seq, at }
    this.#deps.handle(new Message({ subject, data, id: null, respond: () => false }))
  }

  /** Reports a problem that comes back every few seconds only once. */
  async #stopped(connection: NatsConnection, error: unknown): Promise<void> {
    this.#isRunning = false
    const problem = problemOf(error)
    if (problem.code !== this.#problem?.code || problem.detail !== this.#problem.detail) {
      const { stream, subject } = this.#deps
      this.#deps.failed(new Error(`the feed ${stream}/${subject} can not be read: ${problem.detail}`, { cause: error }))
    }
    this.#problem = problem
    // A failed count is repeated with the next attempt.
    this.#lag = await this.#countWaiting(connection).catch(() => (problem.code === 'NO_STREAM' ? 0 : this.#lag))
  }

  /** Messages on the subject that this feed has not taken. */
  async #countWaiting(connection: NatsConnection): Promise<number> {
    const { stream, subject } = this.#deps
    const manager = await jetstreamManager(connection)
    const { name, num_pending: waiting } = await manager.consumers.add(stream, {
      filter_subject: subject,
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: this.#newest.seq + 1,
      inactive_threshold: COUNTING_NS,
    })
    await manager.consumers.delete(stream, name)
    return waiting
  }
}

/** RFC 3339 with up to nine digits of a second. */
function nanosecondsOf(time: string): bigint {
  const fraction = /\.(\d{1,9})/.exec(time)?.[1] ?? ''
  const seconds = Math.floor(Date.parse(time) / 1_000)
  return BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'))
}
