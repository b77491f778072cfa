import type { Batch } from './batch.ts'

/**
 * The stored log's answer: the events after a seq, or one snapshot that stands for everything up to its `seq`. `floor`: the log
 * has lost the events up to this seq.
 */
export type Recovery = { floor?: number } & (
  | { kind: 'events'; events: readonly { seq: number; text: string }[] }
  | { kind: 'snapshot'; seq: number; text: string }
)

/**
 * Decides how a cursor goes on whose next event has left the ring.
 *
 * - `resume` reads the stored log. `recover(null)` is for a new subscriber, who gets a snapshot.
 * - `dropOldest` goes on with the oldest event in the ring, and with at most `pending` events after a congestion. With `recover`, the
 *   channel also reads events that were never published here, so that its ring has no gaps as far back as the log goes.
 * - `latest` jumps to the newest event.
 * - `disconnect` closes the sink.
 */
export type OverflowPolicy =
  | { kind: 'resume'; recover(after: number | null): Promise<Recovery> }
  | { kind: 'dropOldest'; pending: number; recover?(after: number): Promise<Recovery> }
  | { kind: 'latest' }
  | { kind: 'disconnect' }

/** A read of the stored log. `seq`: how far a cursor has come that was handed the batch. */
export type Recovered = { kind: Recovery['kind']; seq: number; batch: Batch }
