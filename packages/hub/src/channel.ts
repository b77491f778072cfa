import { Batch, HubEvent } from './batch.ts'
import { Cursor, type Sink } from './cursor.ts'
import type { ChannelObserver } from './observer.ts'

/**
 * What the log answers: the events after a place, or one snapshot that stands for everything up to its `seq`. `floor`: the log has
 * lost the events up to this seq.
 */
export type Recovery = { floor?: number } & (
  | { kind: 'events'; events: readonly { seq: number; text: string }[] }
  | { kind: 'snapshot'; seq: number; text: string }
)

/**
 * What happens to a cursor that fell off the ring. `resume` reads the durable log (null: a newcomer, who gets a snapshot);
 * `dropOldest` goes on with the oldest event kept (`pending` of them at the most after a congestion); `latest` jumps to the newest.
 * With a log behind it, the ring of a `dropOldest` channel has no gaps either: `recover` reads events that never came here, as far
 * back as the log goes.
 */
export type Policy =
  | { kind: 'resume'; recover(after: number | null): Promise<Recovery> }
  | { kind: 'dropOldest'; pending: number; recover?(after: number): Promise<Recovery> }
  | { kind: 'latest' }
  | { kind: 'disconnect' }

/** What a read of the log led to: `seq` is where a cursor stands that has it. */
export type Recovered = { kind: Recovery['kind']; seq: number; batch: Batch }

/** `floor`: the log has lost the events up to this seq, so the ring must not replay them. */
export type Published = { seq: number; text: string; at?: number | undefined; floor?: number | undefined }

export type ChannelOptions = {
  policy: Policy
  /** Events and characters that the ring keeps at the most; the newest event stays whatever its length. */
  ringSize?: number
  ringLength?: number
  schedule?: (flush: () => void) => void
  /** Told what this channel does, for measuring. */
  observer?: ChannelObserver | undefined
}

/** One write holds so much at the most, so that a reader far behind gets congested before it gets everything. */
const MAX_BATCH_EVENTS = 64
const MAX_BATCH_LENGTH = 256 * 1024
const MAX_RING_LENGTH = 8 * 1024 * 1024

/**
 * An ordered log of events in memory: the newest `ringSize` of them, in a ring, each encoded at most once per wire form.
 *
 * `publish` only appends; all cursors are served together once per tick, so that a burst is one write per socket.
 */
export class Channel {
  readonly id: string
  readonly epoch: string
  readonly policy: Policy
  readonly observer: ChannelObserver | undefined
  readonly #ring: (HubEvent | undefined)[]
  readonly #ringLength: number
  readonly #schedule: (flush: () => void) => void
  readonly #cursors = new Set<Cursor>()
  readonly #batches = new Map<number, Batch>()
  /** The one that was asked for last: those who are not behind all ask for the same. */
  #newest: { after: number; batch: Batch } | null = null
  readonly #recoveries = new Map<number | null, Promise<Recovered>>()
  #head: number
  /** The ring holds what comes after this seq. */
  #floor: number
  #lostTo = 0
  #isScheduled = false
  /** Events that came since the last flush. */
  #fresh = 0
  /** Characters in the ring. */
  #length = 0
  /** Events that wait until the ones before them are read from the log. */
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

  /** The log has events above `floor` and up to `head`: a channel with a log reads those that it lacks. */
  reach(head: number, floor = 0): void {
    this.#forget(floor)
    if (head > this.#head && !this.#ahead && logOf(this.policy)) void this.#fill(head, [])
  }

  /** `after`: the newest seq that the sink has; null gets a snapshot first. */
  subscribe(sink: Sink, after: number | null): Cursor {
    // A place in the future is none of this log's.
    const cursor = new Cursor(this, sink, after !== null && after > this.#head ? null : after)
    this.#cursors.add(cursor)
    cursor.pump()
    return cursor
  }

  /** The event with that seq, while the ring holds it. */
  at(seq: number): HubEvent | undefined {
    return seq > this.#floor && seq <= this.#head ? this.#ring[seq % this.#ring.length] : undefined
  }

  /** For cursors: the batch that follows `after`, shared by all that stand there. */
  batchAfter(after: number): Batch {
    if (this.#newest?.after === after) return this.#newest.batch
    const batch = this.#batches.get(after) ?? this.#makeBatch(after)
    this.#batches.set(after, batch)
    this.#newest = { after, batch }
    return batch
  }

  /** For cursors: where one goes on that was away since `after`. */
  resumeAfter(after: number): number {
    if (this.policy.kind === 'latest') return Math.max(after, this.#head - 1)
    const kept = this.policy.kind === 'dropOldest' ? this.#head - this.policy.pending : 0
    return Math.max(after, this.#floor, kept)
  }

  /** For cursors: reads the log; those who miss the same events at the same time share one read. */
  recover(after: number | null): Promise<Recovered> {
    if (this.policy.kind !== 'resume') return Promise.reject(new Error('this channel has no log'))
    const running = this.#recoveries.get(after)
    if (running) return running
    const reading = this.#read(this.policy, after).finally(() => this.#recoveries.delete(after))
    this.#recoveries.set(after, reading)
    return reading
  }

  /** For cursors: forget this one. */
  release(cursor: Cursor): void {
    this.#cursors.delete(cursor)
  }

  #append(event: HubEvent): void {
    if (event.seq > this.#head + 1) this.#startAt(event.seq)
    const place = event.seq % this.#ring.length
    this.#length += event.text.length - (this.#ring[place]?.text.length ?? 0)
    this.#ring[place] = event
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
    if (this.observer) this.#tell(this.observer, { fresh, began, isServed })
  }

  #tell(observer: ChannelObserver, { fresh, began, isServed }: { fresh: number; began: number; isServed: boolean }) {
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

  /** Drops from the ring what the log has lost. A cursor that stands before the floor reads the log. */
  #forget(floor: number): void {
    if (floor <= this.#lostTo || this.policy.kind !== 'resume') return
    this.#lostTo = floor
    while (this.#floor < Math.min(floor, this.#head)) this.#dropOldest()
    this.#forgetBatches()
  }

  #read(policy: Extract<Policy, { kind: 'resume' }>, after: number | null): Promise<Recovered> {
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
    const place = this.#floor % this.#ring.length
    this.#length -= this.#ring[place]?.text.length ?? 0
    this.#ring[place] = undefined
  }

  /** Reads the log up to `upTo`, page by page; what is published meanwhile waits behind it. */
  async #fill(upTo: number, waiting: HubEvent[]): Promise<void> {
    this.#ahead = waiting
    while (this.#head < upTo && (await this.#readOn())) {
      // One more page.
    }
    const ahead = this.#ahead
    this.#ahead = null
    // Without an answer the ring starts anew behind the gap, and each cursor reads the log for itself.
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
    // A log that was trimmed goes on later; those who may not miss anything ask it themselves.
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

const logOf = (policy: Policy): ((after: number) => Promise<Recovery>) | null =>
  (policy.kind === 'resume' || policy.kind === 'dropOldest' ? policy.recover : null) ?? null
