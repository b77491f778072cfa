import type { Notice, TopicMessage } from './frames.ts'

export type SubscribeOptions = {
  /** Begins with this number of the newest messages. */
  lastN?: number
  /** Messages that wait for the reader; the oldest are dropped beyond. */
  maxWaiting?: number
  onNotice?: (notice: Notice) => void
  /** Ends it. */
  signal?: AbortSignal
}

const REMEMBERED = 2_000

/**
 * The messages of one topic, in order, each once: `for await (const message of client.subscribe('orders'))`. After a
 * reconnect the hub replays what it still holds, and messages that the reader has had are left out.
 */
export class Subscription<Payload = unknown> implements AsyncIterable<TopicMessage<Payload>> {
  readonly topic: string
  readonly options: SubscribeOptions
  readonly #ended: () => void
  readonly #waiting: TopicMessage<Payload>[] = []
  readonly #seen = new Set<string>()
  #arrived = Promise.withResolvers<void>()
  #isOver = false
  #failure: Error | null = null
  #dropped = 0

  /** `ended` is called once, after the last read. */
  constructor(topic: string, options: SubscribeOptions, ended: () => void) {
    this.topic = topic
    this.options = options
    this.#ended = ended
    options.signal?.addEventListener('abort', () => this.close(), { once: true })
    if (options.signal?.aborted) this.#isOver = true
  }

  /** Messages that were dropped here because the reader was slow. */
  get dropped(): number {
    return this.#dropped
  }

  get hasSeen(): boolean {
    return this.#seen.size > 0
  }

  /** For the client. */
  push(message: TopicMessage): void {
    if (this.#isOver || this.#seen.has(message.id)) return
    this.#seen.add(message.id)
    const [oldest] = this.#seen
    if (this.#seen.size > REMEMBERED && oldest !== undefined) this.#seen.delete(oldest)
    // The payload's type is the reader's claim.
    this.#waiting.push(message as TopicMessage<Payload>)
    if (this.#waiting.length > (this.options.maxWaiting ?? 1_000)) {
      this.#waiting.shift()
      this.#dropped += 1
    }
    this.#arrived.resolve()
  }

  /** For the client: the subscription is over. The reader first gets the messages that wait, then the error. */
  fail(error: Error): void {
    this.#failure ??= error
    this.close()
  }

  close(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#arrived.resolve()
    this.#ended()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TopicMessage<Payload>, void> {
    try {
      for (;;) {
        const message = this.#waiting.shift()
        if (message) yield message
        else if (this.#failure) throw this.#failure
        else if (this.#isOver) return
        else {
          this.#arrived = Promise.withResolvers()
          await this.#arrived.promise
        }
      }
    } finally {
      this.close()
    }
  }
}
