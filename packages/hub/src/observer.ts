import type { Sink } from './cursor.ts'

/**
 * Told what a channel does, for measuring; never once for each subscriber of an event. It is called in the middle of the
 * channel's work: it only counts, and does not throw.
 */
export interface ChannelObserver {
  /** A flush is over that had so many new events. `ms`: how long it took; null when no cursor stands at the head now. */
  flushed(events: number, ms: number | null): void
  /** An event was handed to every sink at the head, so long after it was committed or came. */
  delivered(ms: number): void
  /** A sink got so many events that are older than its subscription, or that it had fallen behind of. */
  replayed(sink: Sink, events: number): void
  /** A sink got a snapshot in place of events. */
  snapshot(sink: Sink): void
  /** So many events were left out for a sink, by the channel's policy. */
  dropped(sink: Sink, events: number): void
}
