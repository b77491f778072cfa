import type { Batch } from './batch.ts'

/** `fell_behind`: the channel's policy is to disconnect. `failed`: its log could not be read, or the sink threw. */
export type CloseReason = 'fell_behind' | 'failed'

/** A cursor writes to it. Usually it is a socket. */
export interface Sink {
  /** Takes the batch in any case. False means congested: nothing more until `cursor.drained()` is called. */
  write(batch: Batch): boolean
  /** The cursor has ended and writes no more. */
  close(reason: CloseReason): void
  /** `count` events are left out before the next batch (policies `dropOldest` and `latest`). */
  dropped?(count: number): void
}
