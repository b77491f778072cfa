import { Batch, HubEvent } from './batch.ts'
import { Cursor, type CursorLog } from './cursor.ts'
import type { ChannelObserver } from './observer.ts'
import type { OverflowPolicy, Recovered, Recovery } from './overflow-policy.ts'
import type { Sink } from './sink.ts'

/** `floor`: the log has lost the events up to this seq, so the ring must not replay them. */
export type Published = { seq: number; text: string; at?: number | undefined; floor?: number | undefined }

export type ChannelOptions = {
  policy: OverflowPolicy
  /** The most events and characters that the ring keeps. The newest event stays whatever its length. */
  ringSize?: number
  ringLength?: number
  schedule?: (flush: () => void) => void
  /** Measures what this channel does. */
  observer?: ChannelObserver | undefined
}

/** A limit for one write, so that a reader far behind gets congested before it has everything in its buffer. */
const MAX_BATCH_EVENTS = 64
const MAX_BATCH_LENGTH = 256 * 1024
const MAX_RING_LENGTH = 8 * 1024 * 1024
/** An answer of the stored log serves cursors that come this much later. After a restart a crowd comes back, and all miss the same. */
const SHARED_MS = 100

/** `to`: how far the answer leads; null while it is read. */
type Reading = { answer: Promise<Recovered>; to: number | null }

/**
 * An ordered log of events in memory: the newest `ringSize` of them, in a ring, each encoded at most once per wire form.
 *
 * `publish` only appends; all cursors are served together once per tick, so that a burst is one write per socket.
 */
export class Channel implements CursorLog {
  readonly id: string
  readonly epoch: string
  readonly policy: OverflowPolicy
  readonly observer: ChannelObserver | undefined
  readonly #ring: (HubEvent | undefined)[]
  readonly #ringLength: number
  readonly #schedule: (flush: () => void) => void
  readonly #cursors = new Set<Cursor>()
  readonly #batches = new Map<number, Batch>()
  /** The batch of the last call: all cursors that are not behind ask for the same one. */
  #newest: { after: number; batch: Batch } | null = null
  /** Reads of the log that run, or that ended a moment ago. */
  readonly #recoveries = new Map<number | null, Reading>()
  #head: number
  /** The ring holds the events after this seq. */
  #floor: number
  #lostTo = 0
  #isScheduled = false
  /** Events that came since the last flush. */
  #fresh = 0
  /** Characters in the ring. */
  #length = 0
  /** Events that wait until the events before them are read from the log. */
  #ahead: HubEvent[] | null = null

  constructor(id: string, start: { epoch: string; head: number }, options: ChannelOptions) {
    this.id = id
    this.epoch = start.epoch
    this.policy = options.policy
    this.observer = options.observer
    this.#head = start.head
    this.#floor = start.head
    this.#ring = Array.from({ length: options.ringSize ?? 256 })
    this.#ringLength = options.ringLength ?? MAX_RING_LENGTH
    this.#schedule = options.schedule ?? ((flush) => void setImmediate(flush))
  }

  get head(): number {
    return this.#head
  }

  get floor(): number {
    return this.#floor
  }

  /** The log has lost the events up to this seq, as far as this channel knows. */
  get lostTo(): number {
    return this.#lostTo
  }

  get size(): number {
    return this.#cursors.size
  }

  get cursors(): Iterable<Cursor> {
    return this.#cursors
  }

  /**
   * A known seq is ignored. A jump in `seq` makes a channel with a log read what is missing first.
   * `at`: when it was committed, in the milliseconds of `performance.now()`; without it, now.
   */
  publish({ seq, text, at, floor = 0 }: Published): void {
    this.#forget(floor)
    if (seq <= this.#head && !this.#ahead) return
    const event = new HubEvent(seq, text, at ?? performance.now())
    if (this.#ahead) this.#ahead.push(event)
    else if (seq > this.#head + 1 && logOf(this.policy)) void this.#fill(seq - 1, [event])
    else this.#append(event)
  }

  /** The stored log has the events above `floor` and up to `head`. A channel with a log reads those that it lacks. */
  reach(head: number, floor = 0): void {
    this.#forget(floor)
    if (head > this.#head && !this.#ahead && logOf(this.policy)) void this.#fill(head, [])
  }

  /** `after`: the newest seq that the sink has; null gets a snapshot first. */
  subscribe(sink: Sink, after: number | null): Cursor {
    // A seq above the head is not from this log.
    const cursor = new Cursor(this, sink, after !== null && after > this.#head ? null : after)
    this.#cursors.add(cursor)
    cursor.pump()
    return cursor
  }

  /** The event with that seq, while the ring holds it. */
  at(seq: number): HubEvent | undefined {
    return seq > this.#floor && seq <= this.#head ? this.#ring[seq % this.#ring.length] : undefined
  }

  batchAfter(after: number): Batch {
    if (this.#newest?.after === after) return this.#newest.batch
    const batch = this.#batches.get(after) ?? this.#makeBatch(after)
    this.#batches.set(after, batch)
    this.#newest = { after, batch }
    return batch
  }

  resumeAfter(after: number): number {
    if (this.policy.kind === 'latest') return Math.max(after, this.#head - 1)
    const kept = this.policy.kind === 'dropOldest' ? this.#head - this.policy.pending : 0
    return Math.max(after, this.#floor, kept)
  }

  recover(after: number | null): Promise<Recovered> {
    if (this.policy.kind !== 'resume') return Promise.reject(new Error('this channel has no log'))
    const known = this.#recoveries.get(after)
    // After a newer event, a read of its own answers with that too.
    if (known && (known.to === null || known.to >= this.#head)) {
      const lost = this.#lostTo
      // The log may lose events after the answer and before this cursor has it.
      return known.answer.then((answer) => (lost === this.#lostTo ? answer : this.recover(after)))
    }
    const reading: Reading = { answer: this.#read(this.policy, after), to: null }
    this.#recoveries.set(after, reading)
    void this.#share(after, reading)
    return reading.answer
  }

  async #share(after: number | null, reading: Reading): Promise<void> {
    try {
      reading.to = (await reading.answer).seq
      await new Promise((resolve) => void setTimeout(resolve, SHARED_MS).unref())
    } catch {
      // The next cursor tries again.
    }
    if (this.#recoveries.get(after) === reading) this.#recoveries.delete(after)
  }

  release(cursor: Cursor): void {
    this.#cursors.delete(cursor)
  }

  #append(event: HubEvent): void {
    if (event.seq > this.#head + 1) this.#startAt(event.seq)
    const index = event.seq % this.#ring.length
    this.#length += event.text.length - (this.#ring[index]?.text.length ?? 0)
    this.#ring[index] = event
    this.#head = event.seq
    this.#fresh += 1
    this.#floor = Math.max(this.#floor, event.seq - this.#ring.length)
    while (this.#length > this.#ringLength && this.#floor < this.#head - 1) this.#dropOldest()
    this.#scheduleFlush()
  }

  #scheduleFlush(): void {
    this.#forgetBatches()
    if (this.#isScheduled) return
    this.#isScheduled = true
    this.#schedule(() => this.#flush())
  }

  #flush(): void {
    this.#isScheduled = false
    const began = performance.now()
    let isServed = false
    for (const cursor of this.#cursors) {
      cursor.pump()
      isServed ||= cursor.after === this.#head
    }
    this.#forgetBatches()
    const fresh = this.#fresh
    this.#fresh = 0
    if (this.observer) this.#report(this.observer, { fresh, began, isServed })
  }

  #report(observer: ChannelObserver, { fresh, began, isServed }: { fresh: number; began: number; isServed: boolean }) {
    const now = performance.now()
    observer.flushed(fresh, isServed ? now - began : null)
    if (!isServed) return
    for (let seq = this.#head - fresh + 1; seq <= this.#head; seq++) {
      const at = this.at(seq)?.at ?? null
      if (at !== null) observer.delivered(Math.max(0, now - at))
    }
  }

  #makeBatch(after: number): Batch {
    const events: HubEvent[] = []
    let length = 0
    for (let seq = after + 1; seq <= this.#head; seq++) {
      const event = this.at(seq)
      if (!event || events.length === MAX_BATCH_EVENTS || length > MAX_BATCH_LENGTH) break
      events.push(event)
      length += event.text.length
    }
    return new Batch(events)
  }

  #forgetBatches(): void {
    this.#batches.clear()
    this.#newest = null
  }

  #startAt(seq: number): void {
    this.#ring.fill(undefined)
    this.#length = 0
    this.#floor = seq - 1
  }

  /** Drops the events from the ring that the log has lost. A cursor that has not reached the floor reads the log. */
  #forget(floor: number): void {
    if (floor <= this.#lostTo || this.policy.kind !== 'resume') return
    this.#lostTo = floor
    this.#recoveries.clear()
    while (this.#floor < Math.min(floor, this.#head)) this.#dropOldest()
    this.#forgetBatches()
  }

  #read(policy: Extract<OverflowPolicy, { kind: 'resume' }>, after: number | null): Promise<Recovered> {
    const lost = this.#lostTo
    return policy.recover(after).then((answer) =>
      // The log lost events during the read, and the answer may hold them.
      lost === this.#lostTo ? this.#recovered(answer, after) : this.#read(policy, after),
    )
  }

  #recovered(answer: Recovery, after: number | null): Recovered {
    this.#forget(answer.floor ?? 0)
    // A snapshot has the seq of the newest event that it stands for, but it is not that event.
    const found =
      answer.kind === 'events'
        ? answer.events.map(({ seq, text }) => this.at(seq) ?? new HubEvent(seq, text))
        : [new HubEvent(answer.seq, answer.text)]
    return { kind: answer.kind, seq: found.at(-1)?.seq ?? after ?? 0, batch: new Batch(found) }
  }

  #dropOldest(): void {
    this.#floor += 1
    const index = this.#floor % this.#ring.length
    this.#length -= this.#ring[index]?.text.length ?? 0
    this.#ring[index] = undefined
  }

  /** Reads the log up to `upTo`, page by page. Events that are published meanwhile wait. */
  async #fill(upTo: number, waiting: HubEvent[]): Promise<void> {
    this.#ahead = waiting
    while (this.#head < upTo && (await this.#readOn())) {
      // One more page.
    }
    const ahead = this.#ahead
    this.#ahead = null
    // If the log did not answer, the ring starts again after the gap, and each cursor reads the log itself.
    for (const next of ahead.toSorted((a, b) => a.seq - b.seq)) if (next.seq > this.#head) this.#append(next)
  }

  /** True when the log had newer events, or has to be read again. */
  async #readOn(): Promise<boolean> {
    const before = this.#head
    const lost = this.#lostTo
    const answer = (await logOf(this.policy)?.(before).catch(() => null)) ?? null
    // The log lost events during the read, and the answer may hold them.
    if (answer && lost !== this.#lostTo) return true
    this.#forget(answer?.floor ?? 0)
    // A trimmed log has a gap, which only `dropOldest` may jump.
    const mayJump = this.policy.kind === 'dropOldest'
    if (answer?.kind === 'events')
      for (const { seq, text } of answer.events)
        if (seq === this.#head + 1 || (mayJump && seq > this.#head)) this.#append(new HubEvent(seq, text))
    // The log has lost the next events: the ring begins after the snapshot, and each cursor asks for one.
    if (answer?.kind === 'snapshot' && answer.seq > before) this.#goOnAfter(answer.seq)
    return this.#head > before
  }

  #goOnAfter(seq: number): void {
    this.#startAt(seq + 1)
    this.#head = seq
    this.#scheduleFlush()
  }
}

const logOf = (policy: OverflowPolicy): ((after: number) => Promise<Recovery>) | null =>
  (policy.kind === 'resume' || policy.kind === 'dropOldest' ? policy.recover : null) ?? null
