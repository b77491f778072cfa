import type { ClientFrame, ServerFrame } from './frames.ts'
import { type SubscribeOptions, Subscription } from './subscription.ts'

export type ClientStatus = 'connecting' | 'open' | 'waiting' | 'closed'

export type TopicsClientOptions = {
  /** `ws://host:port/ws`. */
  url: string
  /** A session token or an API key, where the hub asks for one. */
  token?: string
  /** Asked before each connection for a ticket (`POST /api/tickets`), so that no token stands in a URL. A rejection is tried again. */
  ticket?: () => Promise<string>
  onStatus?: (status: ClientStatus) => void
  /** 0 to 1. */
  random?: () => number
}

/** `code` is one of the hub's: BAD_REQUEST, TOPIC_NOT_FOUND, UNAUTHORIZED, RATE_LIMITED …, or CLOSED. */
export class TopicsError extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'TopicsError'
    this.code = code
  }
}

type Pending = { frame: ClientFrame; id: string; resolve(): void; reject(error: Error): void }

const MIN_RETRY_DELAY_MS = 250
const MAX_RETRY_DELAY_MS = 15_000
const PING_INTERVAL_MS = 15_000
const PONG_TIMEOUT_MS = 10_000
/** After a reconnect: all that the ring holds. */
const EVERYTHING = 1_000_000

/**
 * One connection for any number of subscriptions and publishers. It connects at once and comes back by itself, with backoff and
 * jitter; what was not acknowledged is sent again under the same id.
 */
export class TopicsClient {
  readonly #options: TopicsClientOptions
  readonly #subscriptions = new Map<string, Subscription>()
  readonly #pending = new Map<string, Pending>()
  #socket: WebSocket | null = null
  #status: ClientStatus = 'connecting'
  #attempts = 0
  #requests = 0
  #retry: ReturnType<typeof setTimeout> | undefined
  #ping: ReturnType<typeof setInterval> | undefined
  #pong: ReturnType<typeof setTimeout> | undefined

  constructor(options: TopicsClientOptions) {
    this.#options = options
    this.#connect()
  }

  get status(): ClientStatus {
    return this.#status
  }

  /** Resolves when the hub has taken it. Rejects with `TopicsError`. `id`: a UUID, made when none is given. */
  publish(topic: string, payload: unknown, id: string = newUuid()): Promise<void> {
    return this.#request({ type: 'publish', topic, message: { id, payload } })
  }

  /**
   * Begins at once. Reading it rejects with `TopicsError` when the topic is unknown or deleted. Throws BAD_REQUEST for a topic that this
   * client follows already: events don't tell for whom they are.
   */
  subscribe<Payload = unknown>(topic: string, options: SubscribeOptions = {}): Subscription<Payload> {
    if (this.#of(topic).length > 0)
      throw new TopicsError('BAD_REQUEST', `this client follows ${topic} already: use another one`)
    const clientId = `c${++this.#requests}`
    const subscription = new Subscription<Payload>(topic, options, () => {
      if (!this.#subscriptions.delete(clientId) || this.#status !== 'open') return
      void this.#request({ type: 'unsubscribe', topic, client_id: clientId }).catch(() => {})
    })
    this.#subscriptions.set(clientId, subscription)
    if (this.#status === 'open') this.#subscribe(clientId, subscription)
    return subscription
  }

  /** Ends every subscription; what was not acknowledged rejects. */
  close(): void {
    this.#become('closed')
    clearTimeout(this.#retry)
    this.#stopPings()
    this.#socket?.close()
    for (const { reject } of this.#pending.values()) reject(new TopicsError('CLOSED', 'the client was closed'))
    this.#pending.clear()
    for (const subscription of this.#subscriptions.values()) subscription.close()
  }

  #connect(): void {
    this.#become('connecting')
    const { token, ticket } = this.#options
    if (!ticket) return this.#open(token ? { token } : {})
    const enter = async () => {
      const fresh = await ticket()
      if (this.#status !== 'closed') this.#open({ ticket: fresh })
    }
    enter().catch(() => this.#lost())
  }

  #open(credentials: { token?: string; ticket?: string }): void {
    const url = new URL(this.#options.url)
    for (const [name, value] of Object.entries(credentials)) url.searchParams.set(name, value)
    const socket = new WebSocket(url)
    this.#socket = socket
    socket.addEventListener('open', () => this.#opened())
    socket.addEventListener('message', ({ data }) => this.#received(JSON.parse(String(data)) as ServerFrame))
    socket.addEventListener('close', () => {
      if (this.#socket === socket) this.#lost()
    })
  }

  #opened(): void {
    this.#attempts = 0
    this.#become('open')
    for (const [clientId, subscription] of this.#subscriptions) this.#subscribe(clientId, subscription)
    for (const pending of this.#pending.values()) if (pending.frame.type === 'publish') this.#send(pending)
    this.#ping = setInterval(() => {
      void this.#request({ type: 'ping' }).catch(() => {})
      this.#pong ??= setTimeout(() => this.#socket?.close(), PONG_TIMEOUT_MS)
    }, PING_INTERVAL_MS)
  }

  #lost(): void {
    this.#socket = null
    this.#stopPings()
    if (this.#status === 'closed') return
    // A publish is sent again; the rest belongs to the connection that is gone.
    for (const [id, { frame, resolve }] of this.#pending)
      if (frame.type !== 'publish') {
        this.#pending.delete(id)
        resolve()
      }
    this.#become('waiting')
    const ceiling = Math.min(MAX_RETRY_DELAY_MS, MIN_RETRY_DELAY_MS * 2 ** this.#attempts++)
    this.#retry = setTimeout(() => this.#connect(), ceiling * (0.5 + (this.#options.random ?? Math.random)() / 2))
  }

  #subscribe(clientId: string, subscription: Subscription): void {
    const { topic, options, hasSeen } = subscription
    const lastN = hasSeen ? EVERYTHING : (options.lastN ?? 0)
    this.#request({ type: 'subscribe', topic, client_id: clientId, last_n: lastN }).catch((error: unknown) => {
      subscription.fail(error instanceof Error ? error : new Error(String(error)))
    })
  }

  #request(frame: ClientFrame): Promise<void> {
    if (this.#status === 'closed') return Promise.reject(new TopicsError('CLOSED', 'the client was closed'))
    const id = `r${++this.#requests}`
    return new Promise((resolve, reject) => {
      const pending = { frame, id, resolve, reject }
      this.#pending.set(id, pending)
      if (this.#status === 'open') this.#send(pending)
    })
  }

  #send({ frame, id }: Pending): void {
    this.#socket?.send(JSON.stringify({ ...frame, request_id: id }))
  }

  #received(frame: ServerFrame): void {
    switch (frame.type) {
      case 'ack':
      case 'pong':
        clearTimeout(this.#pong)
        this.#pong = undefined
        this.#settle(frame.request_id)?.resolve()
        break
      case 'error': {
        const error = new TopicsError(frame.error.code, frame.error.message)
        this.#settle(frame.request_id)?.reject(error)
        break
      }
      case 'event': {
        const { topic, message, ts } = frame
        for (const subscription of this.#of(topic)) subscription.push({ topic, ts, ...message })
        break
      }
      case 'info':
        this.#info(frame)
        break
    }
  }

  #info({ topic, msg, count = 0 }: Extract<ServerFrame, { type: 'info' }>): void {
    for (const subscription of this.#of(topic)) {
      const notice = msg === 'dropped' ? ({ kind: 'dropped', count } as const) : ({ kind: 'topic_deleted' } as const)
      subscription.options.onNotice?.(notice)
      if (notice.kind === 'topic_deleted')
        subscription.fail(new TopicsError('TOPIC_NOT_FOUND', `the topic ${topic} was deleted`))
    }
  }

  #of(topic: string): Subscription[] {
    return [...this.#subscriptions.values()].filter((subscription) => subscription.topic === topic)
  }

  #settle(id: string | undefined): Pending | undefined {
    const pending = this.#pending.get(id ?? '')
    if (pending) this.#pending.delete(pending.id)
    return pending
  }

  #become(status: ClientStatus): void {
    if (this.#status === status && status !== 'connecting') return
    this.#status = status
    this.#options.onStatus?.(status)
  }

  #stopPings(): void {
    clearInterval(this.#ping)
    clearTimeout(this.#pong)
    this.#pong = undefined
  }
}

/** Version 4. Not `crypto.randomUUID`: browsers have that only over HTTPS and on the same machine. */
function newUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
