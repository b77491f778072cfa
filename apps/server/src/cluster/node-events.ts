// Delivers stored events to every node: to this process's hub at once, and to the others over the bus.
//
// The bus is only a hint. A node reads missing events from the log after a gap in `seq`, after the bus reconnects, and in a check
// every few seconds.
import { randomUUID } from 'node:crypto'
import { type Bus, type BusMessage, MAX_PAYLOAD_BYTES, type Subscription } from '@tablecast/bus'
import { Hub, type Observe } from '@tablecast/hub'
import type { StoredEvent } from '@tablecast/store'
import { isAlone } from './is-alone.ts'
import { publishToOthers } from './node-channel.ts'

export type NodeEventsDeps = {
  bus: Bus
  /** The newest seq and the floor of each of these streams, from the log. */
  heads(streamIds: readonly string[]): Promise<{ id: string; head: number; floor: number }[]>
  /**
   * Called before an event with an `access` is published. Null publishes it at once. A promise delays it until it resolves; if the
   * promise rejects, the event is not published and subscribers read it from the log.
   */
  accessKnown?(streamId: string, accessVersion: number): Promise<void> | null
  observe?: Observe
  /** Called with an error of the bus or of the log. */
  failed(error: unknown): void
}

type Hint = Pick<StoredEvent, 'epoch' | 'seq' | 'text' | 'access' | 'floor'>

const CATCH_UP_INTERVAL_MS = 15_000
/** The delay of `recheck`, and between its tries while the log can not be read. */
const RETRY_DELAY_MS = 1_000
/** An event with a longer text is announced without it, and other nodes read it from the log. */
const MAX_TEXT_BYTES = MAX_PAYLOAD_BYTES - 1_024

export class NodeEvents implements Disposable {
  readonly hub: Hub
  readonly #deps: NodeEventsDeps
  readonly #nodeId = randomUUID()
  readonly #followed = new Map<string, Subscription>()
  /** Streams whose newest events wait for `accessKnown`. */
  readonly #held = new Map<string, Promise<void>>()
  readonly #listeners = new Map<string, Set<() => void>>()
  readonly #timer: ReturnType<typeof setInterval>
  readonly #unwatch: () => void
  #lastAt: string | null = null
  readonly #unsureStreams = new Set<string>()
  #isClosed = false
  #recheckTimer: ReturnType<typeof setTimeout> | undefined

  constructor(deps: NodeEventsDeps) {
    this.#deps = deps
    this.hub = new Hub({ opening: (id) => this.#follow(id), released: (id) => this.#release(id) }, deps.observe)
    this.#timer = setInterval(() => void this.#catchUp(), CATCH_UP_INTERVAL_MS)
    this.#unwatch = deps.bus.watch((isConnected) => {
      if (isConnected) void this.#catchUp()
    })
  }

  /** The time of the newest event that this node stored, or received from another node; null before the first. */
  get lastAt(): string | null {
    return this.#lastAt
  }

  /** Call after the commit, in the order of `seq`. */
  broadcast(event: StoredEvent): void {
    this.#lastAt = new Date().toISOString()
    this.#publish(event.streamId, event, performance.now())
    this.#notify(event.streamId)
    if (isAlone(this.#deps.bus)) return
    const isShort = Buffer.byteLength(event.text) <= MAX_TEXT_BYTES
    const { epoch, seq, access = NO_ACCESS, floor = 0 } = event
    const header = [this.#nodeId, epoch, seq, access, Date.now(), floor].join(' ')
    publishToOthers(this.#deps, subjectOf(event.streamId), isShort ? `${header}\n${event.text}` : header)
  }

  /**
   * For streams that may hold a stored event that no node published. Reads their heads from the log after `RETRY_DELAY_MS`, tries again
   * until that succeeds, and sends the heads to the other nodes.
   */
  recheck(streamIds: readonly string[]): void {
    for (const id of streamIds) this.#unsureStreams.add(id)
    if (this.#recheckTimer || this.#isClosed) return
    this.#recheckTimer = setTimeout(() => {
      this.#recheckTimer = undefined
      void this.#recheck()
    }, RETRY_DELAY_MS)
  }

  /** Calls `listener` after each event of the stream, stored on any node. The stream need not be open here. */
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
    clearTimeout(this.#recheckTimer)
    this.#isClosed = true
    this.#unwatch()
    for (const subscription of this.#followed.values()) subscription.close()
    this.#followed.clear()
  }

  #follow(streamId: string): void {
    const { bus } = this.#deps
    if (isAlone(bus) || this.#followed.has(streamId)) return
    this.#followed.set(
      streamId,
      bus.subscribe(subjectOf(streamId), (message) => this.#receive(streamId, message)),
    )
  }

  #release(streamId: string): void {
    if (this.hub.has(streamId) || this.#listeners.has(streamId)) return
    this.#followed.get(streamId)?.close()
    this.#followed.delete(streamId)
  }

  #receive(streamId: string, { text }: BusMessage): void {
    const end = text.indexOf('\n')
    const header = (end < 0 ? text : text.slice(0, end)).split(' ')
    const [node, epoch, seqText, accessText = NO_ACCESS, committedAt, floorText = '0'] = header
    const [seq, floor] = [Number(seqText), Number(floorText)]
    if (node === this.#nodeId || !Number.isSafeInteger(seq) || !Number.isSafeInteger(floor)) return
    if (epoch !== HEAD_ONLY) this.#lastAt = new Date().toISOString()
    if (end < 0) this.hub.get(streamId)?.reach(seq, floor)
    else {
      const access = accessText === NO_ACCESS ? {} : { access: Number(accessText) }
      const hint = { epoch: epoch ?? '', seq, text: text.slice(end + 1), floor, ...access }
      this.#publish(streamId, hint, committedTime(Number(committedAt)))
    }
    this.#notify(streamId)
  }

  /** `at` is the time of the commit, on the clock of `performance.now()`. */
  #publish(streamId: string, { epoch, seq, text, access, floor }: Hint, at: number): void {
    // Another epoch: the log was restored while the channel was open, so the `seq` numbers do not match.
    if ((this.hub.get(streamId)?.epoch ?? epoch) !== epoch) return
    const { accessKnown, failed } = this.#deps
    const held = this.#held.get(streamId)
    const gate = access === undefined ? null : (accessKnown?.(streamId, access) ?? null)
    if (!held && !gate) return this.hub.publish(streamId, { seq, text, at, floor })
    // Events that wait keep their order.
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

  async #recheck(): Promise<void> {
    const unsureIds = [...this.#unsureStreams]
    this.#unsureStreams.clear()
    try {
      for (const { id, head, floor } of await this.#deps.heads(unsureIds)) {
        this.hub.get(id)?.reach(head, floor)
        this.#notify(id)
        const at = [this.#nodeId, HEAD_ONLY, head, NO_ACCESS, Date.now(), floor].join(' ')
        publishToOthers(this.#deps, subjectOf(id), at)
      }
    } catch (error) {
      this.#deps.failed(error)
      this.recheck(unsureIds)
    }
  }

  async #catchUp(): Promise<void> {
    try {
      const heads = await this.#deps.heads([...this.hub.channels].map(({ id }) => id))
      for (const { id, head, floor } of heads) this.hub.get(id)?.reach(head, floor)
    } catch (error) {
      this.#deps.failed(error)
    }
  }
}

const NO_ACCESS = '-'
/** Stands in place of the epoch in a message that carries only the head of the log. */
const HEAD_ONLY = '-'

/**
 * The time of another node's commit, converted from its wall clock to this node's `performance.now()`. Only for measuring, because the
 * clocks of two nodes differ. A time in the future counts as now.
 */
const committedTime = (committedAt: number): number =>
  performance.now() - Math.max(0, Number.isFinite(committedAt) ? Date.now() - committedAt : 0)

/** Stream ids contain no dots, so each part becomes one token of the subject. */
const subjectOf = (streamId: string): string => `tablecast.stream.${streamId.replaceAll(':', '.')}`
