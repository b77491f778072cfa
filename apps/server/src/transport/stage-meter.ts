// What is counted of a stage. A channel takes its meter along as its observer, so whoever writes for a channel finds it there.
import type { Stage, Transport } from '@tablecast/contracts'
import type { Channel, ChannelObserver, Sink } from '@tablecast/hub'

/** What was written to the clients of one stage over one transport: plain numbers, since they move with each write. */
export type Tally = { readonly transport: Transport; deliveries: number; bytes: number }

/**
 * A sink that writes to a client; others are parts of this process. `client`: what stands for the client in `ClientNames`.
 * `bytesWaiting`: what was written and has not gone out.
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

  /** The one for all clients over that transport. */
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

/** Subscriptions of clients; sinks that are parts of this process serve nobody themselves. */
export const countSubscribers = (channels: Iterable<Channel>): number => {
  let count = 0
  for (const { cursors } of channels) for (const { sink } of cursors) if (isCounted(sink)) count += 1
  return count
}

const unmeasured = (transport: Transport): Tally => ({ transport, deliveries: 0, bytes: 0 })

export function tallyOf({ observer }: Channel, transport: Transport): Tally {
  return observer instanceof StageMeter ? observer.tally(transport) : unmeasured(transport)
}

/** A client came back with the place where it had been. */
export function noteReconnect({ observer }: Channel, lastEventId: string | null | undefined): void {
  if (lastEventId && observer instanceof StageMeter) observer.reconnects += 1
}
