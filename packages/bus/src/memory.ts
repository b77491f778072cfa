import { type Bus, BusError, type BusMessage } from './bus.ts'
import type { Feed, FeedSource } from './feed.ts'
import { Message } from './message.ts'
import type { Subscription } from './pub-sub.ts'
import { checkPattern, checkSize, checkSubject, isPattern, matches } from './subject.ts'

type Subscriber = { pattern: string; queue: string | null; handle: (message: BusMessage) => void; isOpen: boolean }
type Envelope = { subject: string; data: Uint8Array; id: string | null; reply: string | null }

const encoder = new TextEncoder()
const bytesOf = (data: string | Uint8Array) => (typeof data === 'string' ? encoder.encode(data) : data)

/** Within one process. Subscribers are called in a microtask, in the order of publishing. */
export class MemoryBus implements Bus {
  readonly kind = 'memory'
  readonly url = null
  readonly #failed: (error: unknown) => void
  readonly #exact = new Map<string, Set<Subscriber>>()
  readonly #patterns = new Set<Subscriber>()
  /** The index of the next subscriber of each queue group. */
  readonly #turns = new Map<string, number>()
  readonly #waiting: Envelope[] = []
  #isOpen = true
  #isDelivering = false
  #inboxes = 0

  /** `failed`: called with the error that a subscriber threw. */
  constructor(failed: (error: unknown) => void = () => {}) {
    this.#failed = failed
  }

  get isConnected(): boolean {
    return this.#isOpen
  }

  publish(subject: string, data: string | Uint8Array, { id }: { id?: string } = {}): void {
    this.#send(subject, data, id ?? null, null)
  }

  flush(): Promise<void> {
    return this.#isOpen ? Promise.resolve() : Promise.reject(closed())
  }

  subscribe(pattern: string, handle: (message: BusMessage) => void, options: { queue?: string } = {}): Subscription {
    checkPattern(pattern)
    const subscriber: Subscriber = { pattern, handle, queue: options.queue ?? null, isOpen: true }
    const home = isPattern(pattern) ? this.#patterns : (this.#exact.get(pattern) ?? new Set())
    home.add(subscriber)
    if (home !== this.#patterns) this.#exact.set(pattern, home)
    return {
      close: () => {
        subscriber.isOpen = false
        home.delete(subscriber)
        if (home.size === 0 && this.#exact.get(pattern) === home) this.#exact.delete(pattern)
      },
    }
  }

  async request(
    subject: string,
    data: string | Uint8Array,
    { timeoutMs, id }: { timeoutMs: number; id?: string },
  ): Promise<BusMessage> {
    const inbox = `_INBOX.${++this.#inboxes}`
    const { promise, resolve, reject } = Promise.withResolvers<BusMessage>()
    const subscription = this.subscribe(inbox, resolve)
    const timer = setTimeout(() => reject(new BusError('TIMEOUT', `no answer on ${subject}`)), timeoutMs)
    try {
      if (this.#subscribers(subject).length === 0) throw new BusError('NO_RESPONDERS', `nobody listens on ${subject}`)
      this.#send(subject, data, id ?? null, inbox)
      return await promise
    } finally {
      clearTimeout(timer)
      subscription.close()
    }
  }

  follow({ subject }: FeedSource, handle: (message: BusMessage) => void): Feed {
    const subscription = this.subscribe(subject, handle)
    return {
      isRunning: true,
      lag: 0,
      problem: null,
      [Symbol.asyncDispose]: () => Promise.resolve(subscription.close()),
    }
  }

  watch(): () => void {
    return () => {}
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#isOpen = false
    this.#waiting.length = 0
    return Promise.resolve()
  }

  #send(subject: string, data: string | Uint8Array, id: string | null, reply: string | null): void {
    checkSubject(subject)
    if (!this.#isOpen) throw closed()
    const bytes = bytesOf(data)
    checkSize(bytes.length)
    this.#waiting.push({ subject, data: bytes, id, reply })
    if (this.#isDelivering) return
    this.#isDelivering = true
    queueMicrotask(() => this.#deliver())
  }

  #deliver(): void {
    for (let envelope = this.#waiting.shift(); envelope; envelope = this.#waiting.shift()) {
      const message = this.#message(envelope)
      for (const subscriber of this.#recipients(envelope.subject)) {
        if (!subscriber.isOpen) continue
        try {
          subscriber.handle(message)
        } catch (error) {
          this.#failed(error)
        }
      }
    }
    this.#isDelivering = false
  }

  #message({ subject, data, id, reply }: Envelope): BusMessage {
    return new Message({
      subject,
      data,
      id,
      respond: (answer) => {
        if (reply === null || !this.#isOpen) return false
        this.#send(reply, answer, null, null)
        return true
      },
    })
  }

  #subscribers(subject: string): Subscriber[] {
    const found = [...(this.#exact.get(subject) ?? [])]
    for (const subscriber of this.#patterns) if (matches(subscriber.pattern, subject)) found.push(subscriber)
    return found
  }

  /** All subscribers without a queue, and the next one of each queue. */
  #recipients(subject: string): Subscriber[] {
    const found = this.#subscribers(subject)
    const queues = Map.groupBy(
      found.filter(({ queue }) => queue !== null),
      ({ queue }) => queue ?? '',
    )
    const chosen = [...queues].flatMap(([queue, members]) => {
      const turn = this.#turns.get(queue) ?? 0
      this.#turns.set(queue, turn + 1)
      return members[turn % members.length] ?? []
    })
    return [...found.filter(({ queue }) => queue === null), ...chosen]
  }
}

const closed = () => new BusError('UNAVAILABLE', 'the bus is closed')
