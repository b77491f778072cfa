// A channel with a sink, an observer and a schedule that tests control.
import type { Batch } from './batch.ts'
import { Channel } from './channel.ts'
import type { ChannelObserver } from './observer.ts'
import type { OverflowPolicy } from './overflow-policy.ts'
import type { CloseReason, Sink } from './sink.ts'

export class Recorder implements Sink {
  readonly seqs: number[] = []
  readonly texts: string[] = []
  writes = 0
  droppedCount = 0
  closed: CloseReason | null = null
  isTaking = true

  write(batch: Batch): boolean {
    this.writes += 1
    for (const { seq, text } of batch.events) {
      this.seqs.push(seq)
      this.texts.push(text)
    }
    return this.isTaking
  }

  close(reason: CloseReason): void {
    this.closed = reason
  }

  dropped(count: number): void {
    this.droppedCount += count
  }
}

/** Adds up what a channel reports. */
export class Observed implements ChannelObserver {
  events = 0
  flushes = 0
  readonly waits: number[] = []
  replays = 0
  snapshots = 0
  drops = 0

  flushed(events: number, ms: number | null): void {
    this.events += events
    if (ms !== null) this.flushes += 1
  }

  delivered(ms: number): void {
    this.waits.push(ms)
  }

  replayed(_sink: Sink, events: number): void {
    this.replays += events
  }

  snapshot(): void {
    this.snapshots += 1
  }

  dropped(_sink: Sink, events: number): void {
    this.drops += events
  }
}

/** Runs the scheduled work when a test calls `run`. */
export class Ticks {
  readonly #due: (() => void)[] = []
  readonly schedule = (work: () => void): void => void this.#due.push(work)

  run(): void {
    for (const work of this.#due.splice(0)) work()
  }
}

export const eventAt = (seq: number) => ({ seq, text: `{"n":${seq}}` })

export function openChannel(policy: OverflowPolicy, ringSize = 8) {
  const ticks = new Ticks()
  const channel = new Channel('c', { epoch: 'e', head: 0 }, { policy, ringSize, schedule: ticks.schedule })
  return { channel, ticks, publish: (count: number) => publishNext(channel, count) }
}

function publishNext(channel: Channel, count: number): void {
  for (let left = count; left > 0; left--) channel.publish(eventAt(channel.head + 1))
}

/** Lets the reads of the log answer. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve()
}
