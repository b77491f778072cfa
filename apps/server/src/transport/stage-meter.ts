// The counts of one stage. The meter is the observer of each channel, so code that has a channel also has its meter.
import type { Stage, Transport } from '@tablecast/contracts'
import type { Channel, ChannelObserver, Sink } from '@tablecast/hub'

/** Events and bytes written to the clients of one stage over one transport. Plain numbers, because every write adds to them. */
export type Tally = { readonly transport: Transport; deliveries: number; bytes: number }

/**
 * A sink that writes to a client; other sinks are parts of this process. `client` is the key of the client in `ClientNames`.
 * `bytesWaiting` is the number of bytes that were written and are not sent yet.
 */
export type CountedSink = Sink & {
  readonly tally: Tally
  readonly client: object | undefined
  readonly bytesWaiting: number
}

export const isCounted = (sink: Sink): sink is CountedSink => 'tally' in sink

/** Durations in milliseconds. */
export type StageDurations = { fanOut(ms: number): void; delivery(ms: number): void }

export class StageMeter implements ChannelObserver {
  readonly stage: Stage
  readonly #durations: StageDurations
  readonly #tallies = new Map<Transport, Tally>()
  events = 0
  dropCount = 0
  snapshots = 0
  replays = 0
  reconnects = 0

  constructor(stage: Stage, durations: StageDurations) {
    this.stage = stage
    this.#durations = durations
  }

  get tallies(): Iterable<Tally> {
    return this.#tallies.values()
  }

  /** The tally of all clients over that transport. */
  tally(transport: Transport): Tally {
    let tally = this.#tallies.get(transport)
    if (!tally) this.#tallies.set(transport, (tally = { transport, deliveries: 0, bytes: 0 }))
    return tally
  }

  flushed(events: number, ms: number | null): void {
    this.events += events
    if (ms !== null) this.#durations.fanOut(ms)
  }

  delivered(ms: number): void {
    this.#durations.delivery(ms)
  }

  replayed(sink: Sink, events: number): void {
    if (isCounted(sink)) this.replays += events
  }

  snapshot(sink: Sink): void {
    if (isCounted(sink)) this.snapshots += 1
  }

  dropped(sink: Sink, events: number): void {
    if (isCounted(sink)) this.dropCount += events
  }
}

/** The number of subscriptions of clients. Sinks that are parts of this process do not count. */
export const countSubscribers = (channels: Iterable<Channel>): number => {
  let count = 0
  for (const { cursors } of channels) for (const { sink } of cursors) if (isCounted(sink)) count += 1
  return count
}

const unmeasured = (transport: Transport): Tally => ({ transport, deliveries: 0, bytes: 0 })

export function tallyOf({ observer }: Channel, transport: Transport): Tally {
  return observer instanceof StageMeter ? observer.tally(transport) : unmeasured(transport)
}

/** Counts a subscription that came with a position to resume from. */
export function noteReconnect({ observer }: Channel, lastEventId: string | null | undefined): void {
  if (lastEventId && observer instanceof StageMeter) observer.reconnects += 1
}
