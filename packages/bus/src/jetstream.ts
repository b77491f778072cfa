// JetStream (https://docs.nats.io/nats-concepts/jetstream): a pull consumer that is set up again whenever it ends.
import { AckPolicy, DeliverPolicy, type ConsumerMessages, jetstream, jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import type { Feed, FeedSource } from './feed.ts'
import { Message } from './message.ts'
import { pause } from './pause.ts'
import type { BusMessage } from './bus.ts'

const RETRY_MS = 250
const MAX_RETRY_MS = 5_000
const LAG_MS = 2_000
const EPHEMERAL_NS = 60_000_000_000

export type JetStreamFeedParts = FeedSource & {
  connection(): NatsConnection | null
  handle(message: BusMessage): void
  failed(error: unknown): void
}

/** An older value never comes after a newer one: what is delivered again is left out. */
export class JetStreamFeed implements Feed {
  readonly #parts: JetStreamFeedParts
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  #messages: ConsumerMessages | null = null
  #isRunning = false
  #lag = 0
  /** What was told last: the same trouble every few seconds is told once. */
  #reported: string | null = null
  #newest = { seq: 0, at: 0n }

  constructor(parts: JetStreamFeedParts) {
    this.#parts = parts
    this.#running = this.#run()
  }

  get isRunning(): boolean {
    return this.#isRunning
  }

  get lag(): number {
    return this.#lag
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    this.#messages?.stop()
    await this.#running
  }

  async #run(): Promise<void> {
    for (let wait = RETRY_MS; !this.#closing.signal.aborted; wait = Math.min(MAX_RETRY_MS, wait * 2)) {
      const connection = this.#parts.connection()
      if (connection) {
        try {
          await this.#consume(connection)
          wait = RETRY_MS
        } catch (error) {
          if (!this.#closing.signal.aborted) this.#report(error)
        }
        this.#isRunning = false
      }
      await pause(wait, this.#closing.signal)
    }
  }

  async #consume(connection: NatsConnection): Promise<void> {
    const { stream, subject, durable, handle } = this.#parts
    const manager = await jetstreamManager(connection)
    const known = durable === null ? null : await manager.consumers.info(stream, durable).catch(() => null)
    const { name } =
      known ??
      (await manager.consumers.add(stream, {
        ...(durable === null ? { inactive_threshold: EPHEMERAL_NS } : { durable_name: durable }),
        filter_subject: subject,
        ack_policy: AckPolicy.Explicit,
        // Who comes new wants the newest value at once, and then what follows.
        deliver_policy: DeliverPolicy.Last,
      }))
    const consumer = await jetstream(connection).consumers.get(stream, name)
    if (this.#closing.signal.aborted) return
    const messages = await consumer.consume({ max_messages: 256, abort_on_missing_resource: true })
    this.#messages = messages
    this.#isRunning = true
    this.#reported = null
    const measuring = setInterval(() => {
      consumer.info().then(
        ({ num_pending: pending }) => void (this.#lag = pending),
        () => {}, // The consumer's end is noticed by its messages.
      )
    }, LAG_MS)
    try {
      for await (const message of messages) {
        message.ack()
        // A server that died forgets what was acknowledged. A stream that was made anew counts from 1 again, but later.
        const { seq } = message
        const at = BigInt(message.info.timestampNanos)
        if (seq <= this.#newest.seq && at <= this.#newest.at) continue
        this.#newest = { seq, at }
        handle(new Message({ subject: message.subject, data: message.data, id: null, respond: () => false }))
      }
    } finally {
      clearInterval(measuring)
      this.#messages = null
    }
  }

  #report(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    if (message !== this.#reported) this.#parts.failed(error)
    this.#reported = message
  }
}
