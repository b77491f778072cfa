import type { Batch } from './batch.ts'
import type { ChannelObserver } from './observer.ts'
import type { OverflowPolicy, Recovered } from './overflow-policy.ts'
import type { CloseReason, Sink } from './sink.ts'

/** The channel, as its cursors use it. */
export interface CursorLog {
  readonly head: number
  /** The ring holds the events after this seq. */
  readonly floor: number
  readonly policy: OverflowPolicy
  readonly observer: ChannelObserver | undefined
  /** The batch that follows `after`, shared by all cursors at the same seq. */
  batchAfter(after: number): Batch
  /** The seq after which a cursor goes on that stopped at `after`. */
  resumeAfter(after: number): number
  /** Reads the stored log. Cursors that miss the same events at the same time share one read. */
  recover(after: number | null): Promise<Recovered>
  /** Forgets this cursor. */
  release(cursor: Cursor): void
}

/**
 * How far one subscriber has come in a channel.
 *
 * It first replays the events that the subscriber missed, then follows live. It owns no queue: while its sink is congested, or missed
 * events are being read, it remembers only a number, and later goes on from the channel's ring.
 */
export class Cursor implements Disposable {
  readonly sink: Sink
  readonly #channel: CursorLog
  /** The newest seq handed to the sink; null before the first snapshot. */
  #after: number | null
  /** Events up to this seq count as replayed: they were published before the cursor came, or while it was behind. */
  #replayTo: number
  #state: 'ready' | 'congested' | 'recovering' | 'detached' = 'ready'

  constructor(channel: CursorLog, sink: Sink, after: number | null) {
    this.#channel = channel
    this.sink = sink
    this.#after = after
    this.#replayTo = channel.head
  }

  get after(): number | null {
    return this.#after
  }

  /** How many events of the channel have not been handed to the sink. */
  get lag(): number {
    return Math.max(0, this.#channel.head - (this.#after ?? 0))
  }

  get isCongested(): boolean {
    return this.#state === 'congested'
  }

  /** Events wait for the sink, or are being read for it. */
  get isBehind(): boolean {
    return this.#state === 'recovering' || (this.#state === 'congested' && this.lag > 0)
  }

  /** The sink takes data again. */
  drained(): void {
    if (this.#state !== 'congested') return
    this.#state = 'ready'
    this.pump(true)
  }

  /** Ends the subscription; nothing is written after this returns. */
  detach(): void {
    if (this.#state === 'detached') return
    this.#state = 'detached'
    this.#channel.release(this)
  }

  [Symbol.dispose](): void {
    this.detach()
  }

  /** Writes events until the sink is congested or has them all. Called by the channel. */
  pump(wasCongested = false): void {
    let late = wasCongested
    while (this.#state === 'ready') {
      if (this.#after === null || this.#after < this.#channel.floor) {
        if (!this.#fallBehind()) return
      } else if (late && this.#channel.policy.kind !== 'resume') {
        this.#skip(this.#channel.resumeAfter(this.#after))
      }
      late = false
      if (this.#after === null || this.#after >= this.#channel.head) return
      this.#write(this.#channel.batchAfter(this.#after))
    }
  }

  /** The ring no longer holds the next event. True when the cursor can go on at once. */
  #fallBehind(): boolean {
    const { policy } = this.#channel
    switch (policy.kind) {
      case 'resume':
        void this.#recover()
        return false
      case 'dropOldest':
      case 'latest':
        this.#skip(this.#channel.resumeAfter(this.#after ?? this.#channel.floor))
        return true
      case 'disconnect':
        this.#end('fell_behind')
        return false
    }
  }

  #skip(after: number): void {
    const missed = this.#after === null ? 0 : after - this.#after
    this.#after = after
    if (missed <= 0) return
    this.#channel.observer?.dropped(this.sink, missed)
    try {
      this.sink.dropped?.(missed)
    } catch {
      this.#end('failed')
    }
  }

  async #recover(): Promise<void> {
    this.#state = 'recovering'
    this.#replayTo = this.#channel.head
    const recovered = await this.#channel.recover(this.#after).catch(() => null)
    if (this.#state !== 'recovering') return
    // The answer brought the cursor no further: it would ask again for ever.
    if (!recovered || (this.#after !== null && recovered.seq <= this.#after && this.#after < this.#channel.floor)) {
      this.#end('failed')
      return
    }
    this.#state = 'ready'
    if (this.#after === null || recovered.seq > this.#after) {
      if (recovered.kind === 'snapshot') {
        this.#channel.observer?.snapshot(this.sink)
        this.#after = recovered.seq
      }
      this.#write(recovered.batch, recovered.seq)
    }
    this.pump()
  }

  #write(batch: Batch, upTo = batch.seq): void {
    const replayed = Math.min(upTo, this.#replayTo) - (this.#after ?? upTo)
    if (replayed > 0) this.#channel.observer?.replayed(this.sink, replayed)
    this.#after = upTo
    // A sink that throws costs only itself.
    try {
      if (!this.sink.write(batch) && this.#state === 'ready') this.#state = 'congested'
    } catch {
      this.#end('failed')
    }
  }

  #end(reason: CloseReason): void {
    this.detach()
    try {
      this.sink.close(reason)
    } catch {
      // The sink is closed already.
    }
  }
}
