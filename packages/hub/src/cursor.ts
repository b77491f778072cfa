import type { Batch } from './batch.ts'
import type { Channel } from './channel.ts'

/** `fell_behind`: the channel's policy is to disconnect; `failed`: its log could not be read, or the sink threw. */
export type CloseReason = 'fell_behind' | 'failed'

/** Where a cursor writes: a socket, as a rule. */
export interface Sink {
  /** Takes the batch in any case. False means congested: no more until `cursor.drained()` is called. */
  write(batch: Batch): boolean
  /** The cursor has ended and writes no more. */
  close(reason: CloseReason): void
  /** `count` events were left out before the next batch (policies `dropOldest` and `latest`). */
  dropped?(count: number): void
}

/**
 * A subscriber's place in a channel.
 *
 * Starts behind (replaying what it missed), then live. It owns no queue: while its sink is congested, or its missed
 * events are being read, it only remembers a number, and goes on from the channel's ring afterwards.
 */
export class Cursor {
  readonly sink: Sink
  readonly #channel: Channel
  /** The newest seq handed to the sink; null before the first snapshot. */
  #after: number | null
  /** What it gets up to this seq is replayed: it was published before the cursor came, or while it was away. */
  #replayTo: number
  #state: 'ready' | 'congested' | 'recovering' | 'detached' = 'ready'

  constructor(channel: Channel, sink: Sink, after: number | null) {
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

  /** There is something that the sink does not take yet, or that is being read for it. */
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

  /** Writes all that the sink takes now. For the channel. */
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

  /** The ring no longer holds what comes next. True when there is something to go on with at once. */
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
    // An answer that leads nowhere would be asked for again for ever.
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
      // It is gone already.
    }
  }
}
