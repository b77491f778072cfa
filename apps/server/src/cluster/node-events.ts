// Stored events on their way to every node: into this process's hub at once, and over the bus to the others.
//
// The bus is only a hint. A jump in `seq`, the bus coming back, and a look at the log every few seconds all lead to a read of
// what is missing.
import { randomUUID } from 'node:crypto'
import { type Bus, type BusMessage, MAX_PAYLOAD_BYTES, type Subscription } from '@tablecast/bus'
import { Hub, type Observe } from '@tablecast/hub'
import type { StoredEvent } from '@tablecast/store'
import { isAlone } from './is-alone.ts'
import { tellOthers } from './node-channel.ts'

export type NodeEventsParts = {
  bus: Bus
  /** The newest seq of each of these streams, and up to where they are gone, from the log. */
  heads(streamIds: readonly string[]): Promise<{ id: string; head: number; floor: number }[]>
  /** Asked before an event that carries an `access` goes out: null at once, else after that. When it rejects, the log is read later. */
  accessKnown?(streamId: string, accessVersion: number): Promise<void> | null
  observe?: Observe
  /** Told when the others could not be. */
  failed(error: unknown): void
}

type Hint = Pick<StoredEvent, 'epoch' | 'seq' | 'text' | 'access' | 'floor'>

const CATCH_UP_MS = 15_000
/** Sooner, while the log could not be read. */
const TRY_AGAIN_MS = 1_000
/** Longer ones are announced without their text, and read from the log. */
const MAX_TEXT_BYTES = MAX_PAYLOAD_BYTES - 1_024

export class NodeEvents implements Disposable {
  readonly hub: Hub
  readonly #parts: NodeEventsParts
  readonly #nodeId = randomUUID()
  readonly #followed = new Map<string, Subscription>()
  /** Streams whose newest events wait until they may go out. */
  readonly #held = new Map<string, Promise<void>>()
  readonly #listeners = new Map<string, Set<() => void>>()
  readonly #timer: ReturnType<typeof setInterval>
  readonly #unwatch: () => void
  #lastAt: string | null = null
  readonly #unsure = new Set<string>()
  #isClosed = false
  #again: ReturnType<typeof setTimeout> | undefined

  constructor(parts: NodeEventsParts) {
    this.#parts = parts
    this.hub = new Hub({ opening: (id) => this.#follow(id), released: (id) => this.#release(id) }, parts.observe)
    this.#timer = setInterval(() => void this.#catchUp(), CATCH_UP_MS)
    this.#unwatch = parts.bus.watch((isConnected) => {
      if (isConnected) void this.#catchUp()
    })
  }

  /** When something was last stored here, or on another node where it is followed here; null before. */
  get lastAt(): string | null {
    return this.#lastAt
  }

  /** To be called after the commit, in the order of `seq`. */
  broadcast(event: StoredEvent): void {
    this.#lastAt = new Date().toISOString()
    this.#publish(event.streamId, event, performance.now())
    this.#notify(event.streamId)
    if (isAlone(this.#parts.bus)) return
    const isShort = Buffer.byteLength(event.text) <= MAX_TEXT_BYTES
    const { epoch, seq, access = NO_ACCESS, floor = 0 } = event
    const head = [this.#nodeId, epoch, seq, access, Date.now(), floor].join(' ')
    tellOthers(this.#parts, subjectOf(event.streamId), isShort ? `${head}\n${event.text}` : head)
  }

  /**
   * Something may have been stored in these streams that nobody was told of: looks at the log in a moment, and again until it can be
   * read, and tells the other nodes where it stands.
   */
  lookAgain(streamIds: readonly string[]): void {
    for (const id of streamIds) this.#unsure.add(id)
    if (this.#again || this.#isClosed) return
    this.#again = setTimeout(() => {
      this.#again = undefined
      void this.#lookAgain()
    }, TRY_AGAIN_MS)
  }

  /** Calls back whenever something was stored in the stream, on whatever node; it need not be open here. */
  listen(streamId: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(streamId) ?? new Set()
    this.#listeners.set(streamId, listeners.add(listener))
    this.#follow(streamId)
    return () => {
      listeners.delete(listener)
      if (listeners.size > 0) return
      this.#listeners.delete(streamId)
      this.#release(streamId)
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    clearTimeout(this.#again)
    this.#isClosed = true
    this.#unwatch()
    for (const subscription of this.#followed.values()) subscription.close()
    this.#followed.clear()
  }

  #follow(streamId: string): void {
    const { bus } = this.#parts
    if (isAlone(bus) || this.#followed.has(streamId)) return
    this.#followed.set(
      streamId,
      bus.subscribe(subjectOf(streamId), (message) => this.#heard(streamId, message)),
    )
  }

  #release(streamId: string): void {
    if (this.hub.has(streamId) || this.#listeners.has(streamId)) return
    this.#followed.get(streamId)?.close()
    this.#followed.delete(streamId)
  }

  #heard(streamId: string, { text }: BusMessage): void {
    const end = text.indexOf('\n')
    const head = (end < 0 ? text : text.slice(0, end)).split(' ')
    const [node, epoch, number, counted = NO_ACCESS, committed, gone = '0'] = head
    const [seq, floor] = [Number(number), Number(gone)]
    if (node === this.#nodeId || !Number.isSafeInteger(seq) || !Number.isSafeInteger(floor)) return
    if (epoch !== UNKNOWN) this.#lastAt = new Date().toISOString()
    if (end < 0) this.hub.get(streamId)?.reach(seq, floor)
    else {
      const access = counted === NO_ACCESS ? {} : { access: Number(counted) }
      const hint = { epoch: epoch ?? '', seq, text: text.slice(end + 1), floor, ...access }
      this.#publish(streamId, hint, arrivedAfter(Number(committed)))
    }
    this.#notify(streamId)
  }

  /** `at`: when it was committed, in the milliseconds of `performance.now()`. */
  #publish(streamId: string, { epoch, seq, text, access, floor }: Hint, at: number): void {
    // The log was restored under an open channel: its numbers are not those of this event.
    if ((this.hub.get(streamId)?.epoch ?? epoch) !== epoch) return
    const { accessKnown, failed } = this.#parts
    const held = this.#held.get(streamId)
    const gate = access === undefined ? null : (accessKnown?.(streamId, access) ?? null)
    if (!held && !gate) return this.hub.publish(streamId, { seq, text, at, floor })
    // What waits keeps its order.
    const next = Promise.all([held, gate])
      .then(() => this.hub.publish(streamId, { seq, text, at, floor }))
      .catch((error: unknown) => {
        failed(error)
        this.hub.get(streamId)?.reach(seq, floor)
      })
      .finally(() => {
        if (this.#held.get(streamId) === next) this.#held.delete(streamId)
      })
    this.#held.set(streamId, next)
  }

  #notify(streamId: string): void {
    for (const listener of this.#listeners.get(streamId) ?? []) listener()
  }

  async #lookAgain(): Promise<void> {
    const asked = [...this.#unsure]
    this.#unsure.clear()
    try {
      for (const { id, head, floor } of await this.#parts.heads(asked)) {
        this.hub.get(id)?.reach(head, floor)
        this.#notify(id)
        const at = [this.#nodeId, UNKNOWN, head, NO_ACCESS, Date.now(), floor].join(' ')
        tellOthers(this.#parts, subjectOf(id), at)
      }
    } catch (error) {
      this.#parts.failed(error)
      this.lookAgain(asked)
    }
  }

  async #catchUp(): Promise<void> {
    try {
      const heads = await this.#parts.heads([...this.hub.channels].map(({ id }) => id))
      for (const { id, head, floor } of heads) this.hub.get(id)?.reach(head, floor)
    } catch (error) {
      this.#parts.failed(error)
    }
  }
}

const NO_ACCESS = '-'
/** In place of an epoch: only where the log stands is told. */
const UNKNOWN = '-'

/**
 * When another node committed something, in the milliseconds of `performance.now()`, from its clock's time. Only for measuring: two
 * clocks differ, and what seems to come from the future was committed now.
 */
const arrivedAfter = (committedAt: number): number =>
  performance.now() - Math.max(0, Number.isFinite(committedAt) ? Date.now() - committedAt : 0)

/** Ids hold no dots, so each part becomes one token. */
const subjectOf = (streamId: string): string => `tablecast.stream.${streamId.replaceAll(':', '.')}`
