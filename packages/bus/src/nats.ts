// NATS (https://docs.nats.io), the core protocol. Connecting happens in the background and never ends the process.
import {
  connect,
  errors,
  headers,
  type Msg,
  type NatsConnection,
  type Subscription as Wire,
} from '@nats-io/transport-node'
import { type Bus, BusError, type BusMessage } from './bus.ts'
import type { Feed, FeedSource } from './feed.ts'
import { JetStreamFeed } from './jetstream.ts'
import { Message } from './message.ts'
import { withoutCredentials } from './without-credentials.ts'
import { pause } from './pause.ts'
import type { Subscription } from './pub-sub.ts'
import { checkPattern, checkSubject } from './subject.ts'

/** The header by which NATS itself detects a repeated message. */
const ID = 'Nats-Msg-Id'
const CONNECT_TIMEOUT_MS = 2_000
const MIN_RETRY_DELAY_MS = 100
const MAX_RETRY_DELAY_MS = 5_000
const PING_INTERVAL_MS = 10_000
const FLUSH_TIMEOUT_MS = 5_000

export type NatsOptions = {
  /** `nats://host:port`, several separated by commas; may hold `user:password@`. */
  url: string
  /** How the connection is named in the server's own lists. */
  name: string
  /** Called with each error: a refused connection, or the error of a subscriber. */
  failed?: (error: unknown) => void
  /** 0 to 1. */
  random?: () => number
}

type Subscriber = {
  pattern: string
  queue: string | undefined
  handle: (message: BusMessage) => void
  wire: Wire | null
}

export class NatsBus implements Bus {
  readonly kind = 'nats'
  readonly url: string
  readonly #options: Required<NatsOptions>
  readonly #subscribers = new Set<Subscriber>()
  readonly #listeners = new Set<(isConnected: boolean) => void>()
  readonly #closing = new AbortController()
  readonly #connecting: Promise<void>
  #connection: NatsConnection | null = null
  #isConnected = false
  #attempts = 0

  /** Returns at once and connects in the background. */
  constructor(options: NatsOptions) {
    this.#options = { failed: () => {}, random: Math.random, ...options }
    this.url = withoutCredentials(options.url)
    this.#connecting = this.#connect()
  }

  get isConnected(): boolean {
    return this.#isConnected
  }

  publish(subject: string, data: string | Uint8Array, { id }: { id?: string } = {}): void {
    checkSubject(subject)
    const connection = this.#live()
    try {
      connection.publish(subject, data, id === undefined ? {} : { headers: marked(id) })
    } catch (error) {
      throw toBusError(error)
    }
  }

  async flush(): Promise<void> {
    const { promise, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(new BusError('UNAVAILABLE', 'NATS did not answer in time')), FLUSH_TIMEOUT_MS)
    try {
      await Promise.race([this.#live().flush(), promise])
    } catch (error) {
      throw toBusError(error)
    } finally {
      clearTimeout(timer)
    }
  }

  subscribe(pattern: string, handle: (message: BusMessage) => void, options: { queue?: string } = {}): Subscription {
    checkPattern(pattern)
    const subscriber: Subscriber = { pattern, handle, queue: options.queue, wire: null }
    this.#subscribers.add(subscriber)
    if (this.#connection) this.#attach(this.#connection, subscriber)
    return {
      close: () => {
        this.#subscribers.delete(subscriber)
        subscriber.wire?.unsubscribe()
      },
    }
  }

  async request(
    subject: string,
    data: string | Uint8Array,
    { timeoutMs, id }: { timeoutMs: number; id?: string },
  ): Promise<BusMessage> {
    checkSubject(subject)
    try {
      const options = { timeout: timeoutMs, ...(id === undefined ? {} : { headers: marked(id) }) }
      return toMessage(await this.#live().request(subject, data, options))
    } catch (error) {
      throw toBusError(error)
    }
  }

  follow(source: FeedSource, handle: (message: BusMessage) => void): Feed {
    return new JetStreamFeed({
      ...source,
      connection: () => (this.#isConnected ? this.#connection : null),
      handle,
      failed: this.#options.failed,
    })
  }

  watch(listener: (isConnected: boolean) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    this.#listeners.clear()
    await this.#connecting
    this.#isConnected = false
    await this.#connection?.close()
  }

  #live(): NatsConnection {
    if (!this.#connection || !this.#isConnected) throw new BusError('UNAVAILABLE', 'NATS can not be reached')
    return this.#connection
  }

  /** The first connection. The client reconnects by itself only after it was connected once. */
  async #connect(): Promise<void> {
    const { url, name } = this.#options
    let reported: string | null = null
    while (!this.#closing.signal.aborted) {
      try {
        const connection = await connect({
          servers: url.split(',').map((server) => server.trim()),
          name,
          timeout: CONNECT_TIMEOUT_MS,
          maxReconnectAttempts: -1,
          ignoreAuthErrorAbort: true,
          reconnectDelayHandler: () => this.#backoff(),
          pingInterval: PING_INTERVAL_MS,
          maxPingOut: 2,
        })
        if (this.#closing.signal.aborted) return await connection.close()
        this.#connection = connection
        for (const subscriber of this.#subscribers) this.#attach(connection, subscriber)
        void this.#follow(connection)
        this.#changed(true)
        return
      } catch (error) {
        // A problem that comes back every few seconds is reported once.
        const message = error instanceof Error ? error.message : String(error)
        if (message !== reported) this.#options.failed(error)
        reported = message
        await pause(this.#backoff(), this.#closing.signal)
      }
    }
  }

  /** Full jitter above a floor: nodes that lost the same server don't come back in the same instant. */
  #backoff(): number {
    const ceiling = Math.min(MAX_RETRY_DELAY_MS, MIN_RETRY_DELAY_MS * 2 ** this.#attempts++)
    return MIN_RETRY_DELAY_MS / 2 + this.#options.random() * ceiling
  }

  async #follow(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect' || status.type === 'staleConnection') this.#changed(false)
      else if (status.type === 'reconnect') this.#changed(true)
      else if (status.type === 'error') this.#options.failed(status.error)
    }
  }

  #changed(isConnected: boolean): void {
    if (isConnected) this.#attempts = 0
    if (this.#isConnected === isConnected) return
    this.#isConnected = isConnected
    for (const listener of this.#listeners) listener(isConnected)
  }

  #attach(connection: NatsConnection, subscriber: Subscriber): void {
    const { pattern, queue, handle } = subscriber
    subscriber.wire = connection.subscribe(pattern, {
      ...(queue === undefined ? {} : { queue }),
      callback: (error, message) => {
        if (error) return this.#options.failed(error)
        try {
          handle(toMessage(message))
        } catch (thrown) {
          this.#options.failed(thrown)
        }
      },
    })
  }
}

const toMessage = (message: Msg): BusMessage =>
  new Message({
    subject: message.subject,
    data: message.data,
    id: message.headers?.get(ID) || null,
    respond: (data) => {
      try {
        return message.respond(data)
      } catch {
        return false
      }
    },
  })

function marked(id: string) {
  const made = headers()
  made.set(ID, id)
  return made
}

function toBusError(error: unknown): unknown {
  if (error instanceof BusError) return error
  if (error instanceof errors.NoRespondersError)
    return new BusError('NO_RESPONDERS', 'nobody listens', { cause: error })
  if (error instanceof errors.TimeoutError) return new BusError('TIMEOUT', 'no answer', { cause: error })
  if (error instanceof errors.RequestError && error.isNoResponders())
    return new BusError('NO_RESPONDERS', 'nobody listens', { cause: error })
  if (error instanceof errors.InvalidArgumentError && /max_payload|payload/i.test(error.message))
    return new BusError('TOO_LARGE', error.message, { cause: error })
  return new BusError('UNAVAILABLE', 'NATS can not be reached', { cause: error })
}
