// Redis pub/sub (https://redis.io/docs/latest/develop/pubsub/). Connecting happens in the background and never ends the process.
import { createClient } from 'redis'
import { BusError } from './bus.ts'
import { Message } from './message.ts'
import type { ChannelMessage, PubSub, Subscription } from './pub-sub.ts'
import { checkSize, checkSubject } from './subject.ts'
import { withoutCredentials } from './without-credentials.ts'

const MIN_RETRY_DELAY_MS = 100
const MAX_RETRY_DELAY_MS = 5_000
const CONNECT_TIMEOUT_MS = 2_000
const PING_INTERVAL_MS = 3_000
/** A server that is silent for this time, and does not answer a ping either, is gone. */
const SILENCE_TIMEOUT_MS = 8_000
const FLUSH_TIMEOUT_MS = 5_000

export type RedisOptions = {
  /** `redis://host:port/db` or `rediss://`; may hold `user:password@`. */
  url: string
  /** How the connections are named in the server's own list. */
  name: string
  /** Called with each error: a refused connection, or the error of a subscriber. */
  failed?: (error: unknown) => void
  /** 0 to 1. */
  random?: () => number
}

type Handle = (message: ChannelMessage) => void
type Channel = { handles: Set<Handle>; listen(data: Buffer): void; isConfirmed: boolean }

/**
 * Two connections, since one that subscribes should carry nothing else. Publishing needs no answer: a failure on the way
 * goes to `failed`, and `flush` rejects with it.
 */
export class RedisPubSub implements PubSub {
  readonly kind = 'redis'
  readonly url: string
  readonly #failed: (error: unknown) => void
  readonly #publisher: ReturnType<typeof clientOf>
  readonly #subscriber: ReturnType<typeof clientOf>
  readonly #channels = new Map<string, Channel>()
  readonly #listeners = new Set<(isConnected: boolean) => void>()
  readonly #pending = new Set<Promise<unknown>>()
  #wasConnected = false
  #isOpen = true
  /** The problem reported last. The same problem at every attempt is reported once. */
  #reported: string | null = null

  /** Returns at once and connects in the background. */
  constructor({ url, name, failed = () => {}, random = Math.random }: RedisOptions) {
    this.url = withoutCredentials(url)
    this.#failed = failed
    // A message that can't be sent now is refused. Kept for later, it would be outdated on arrival.
    this.#publisher = clientOf({ url, name, random, disableOfflineQueue: true })
    this.#subscriber = clientOf({ url, name, random, disableOfflineQueue: false })
    for (const client of [this.#publisher, this.#subscriber]) {
      // Without a listener of its own, an error of either would end the process.
      client.on('error', (error: unknown) => this.#report(error))
      for (const event of ['ready', 'reconnecting', 'end'] as const) client.on(event, () => this.#look())
      client.connect().catch((error: unknown) => this.#report(error))
    }
    this.#subscriber.on('ready', () => {
      for (const [name, channel] of this.#channels) if (!channel.isConfirmed) this.#attach(name, channel)
    })
  }

  get isConnected(): boolean {
    return this.#isOpen && this.#publisher.isReady && this.#subscriber.isReady
  }

  publish(channel: string, data: string | Uint8Array): void {
    checkSubject(channel)
    if (!this.isConnected) throw unavailable()
    const bytes = typeof data === 'string' ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.length)
    checkSize(bytes.length)
    this.#follow(this.#publisher.publish(channel, bytes))
  }

  async flush(): Promise<void> {
    if (!this.isConnected) throw unavailable()
    const { promise, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(unavailable()), FLUSH_TIMEOUT_MS)
    try {
      // The second ping answers behind every message that Redis had for this subscriber.
      await Promise.race([Promise.all([...this.#pending, this.#publisher.ping()]), promise])
      await Promise.race([this.#subscriber.ping(), promise])
    } catch (error) {
      throw error instanceof BusError ? error : unavailable(error)
    } finally {
      clearTimeout(timer)
    }
  }

  subscribe(name: string, handle: Handle): Subscription {
    checkSubject(name)
    let channel = this.#channels.get(name)
    if (!channel) {
      const handles = new Set<Handle>()
      const listen = (data: Buffer) => this.#deliver(name, handles, data)
      this.#channels.set(name, (channel = { handles, listen, isConfirmed: false }))
      this.#attach(name, channel)
    }
    const { handles } = channel
    handles.add(handle)
    return {
      close: () => {
        handles.delete(handle)
        if (handles.size > 0 || this.#channels.get(name)?.handles !== handles) return
        this.#channels.delete(name)
        if (this.#isOpen) this.#follow(this.#subscriber.unsubscribe(name))
      },
    }
  }

  watch(listener: (isConnected: boolean) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isOpen) return
    // Sends the messages that were published before, and drops those that Redis does not take in time.
    if (this.isConnected) await this.flush().catch(() => {})
    this.#isOpen = false
    this.#channels.clear()
    this.#publisher.destroy()
    this.#subscriber.destroy()
  }

  #attach(name: string, channel: Channel): void {
    const subscribe = async () => {
      await this.#subscriber.subscribe(name, channel.listen, true)
      channel.isConfirmed = true
    }
    this.#follow(subscribe())
  }

  #deliver(name: string, handles: ReadonlySet<Handle>, data: Buffer): void {
    const message = new Message({ subject: name, data, id: null, respond: () => false })
    for (const handle of handles)
      try {
        handle(message)
      } catch (error) {
        this.#failed(error)
      }
  }

  #follow(work: Promise<unknown>): void {
    this.#pending.add(work)
    work.catch((error: unknown) => this.#report(error)).finally(() => this.#pending.delete(work))
  }

  #look(): void {
    const { isConnected } = this
    if (isConnected) this.#reported = null
    if (isConnected === this.#wasConnected || !this.#isOpen) return
    this.#wasConnected = isConnected
    for (const listener of this.#listeners) listener(isConnected)
  }

  #report(error: unknown): void {
    this.#look()
    const text = error instanceof Error ? `${error.name} ${error.message}` : String(error)
    if (!this.#isOpen || text === this.#reported) return
    this.#reported = text
    this.#failed(error)
  }
}

function clientOf(options: { url: string; name: string; random: () => number; disableOfflineQueue: boolean }) {
  const { url, name, random, disableOfflineQueue } = options
  return createClient({
    url,
    name,
    disableOfflineQueue,
    pingInterval: PING_INTERVAL_MS,
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: SILENCE_TIMEOUT_MS,
      // For ever, with exponential backoff and jitter.
      reconnectStrategy: (tries) =>
        Math.min(MAX_RETRY_DELAY_MS, MIN_RETRY_DELAY_MS * 2 ** Math.min(tries, 10)) * (0.5 + random() / 2),
    },
  })
}

const unavailable = (cause?: unknown) => new BusError('UNAVAILABLE', 'Redis can not be reached', { cause })
