import type { Sink } from './sink.ts'

/**
 * Measures what a channel does. It is never called once for each subscriber of an event. It is called in the middle of the channel's
 * work: it only counts, and does not throw.
 */
export interface ChannelObserver {
  /** A flush sent this number of new events. `ms`: how long it took; null when no cursor has reached the head. */
  flushed(events: number, ms: number | null): void
  /** An event was handed to every sink at the head, this long after its commit or its arrival. */
  delivered(ms: number): void
  /** A sink got events that are older than its subscription, or that it had fallen behind. */
  replayed(sink: Sink, events: number): void
  /** A sink got a snapshot in place of events. */
  snapshot(sink: Sink): void
  /** The channel's policy left out events for a sink. */
  dropped(sink: Sink, events: number): void
}
