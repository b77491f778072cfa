import { describe, expect, it } from 'vitest'
import { Channel } from './channel.ts'
import type { OverflowPolicy, Recovery } from './overflow-policy.ts'
import { Hub } from './hub.ts'
import { eventAt, Observed, Recorder, Ticks } from './testing.ts'

function open(policy: OverflowPolicy, ringSize = 8) {
  const [ticks, observer] = [new Ticks(), new Observed()]
  const channel = new Channel('c', { epoch: 'e', head: 0 }, { policy, ringSize, schedule: ticks.schedule, observer })
  const publish = (count: number) => {
    for (let left = count; left > 0; left--) channel.publish(eventAt(channel.head + 1))
  }
  return { channel, ticks, observer, publish }
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

const log = Array.from({ length: 40 }, (_, index) => eventAt(index + 1))
const readable: OverflowPolicy = {
  kind: 'resume',
  recover: (after): Promise<Recovery> =>
    Promise.resolve(
      after === null
        ? { kind: 'snapshot', seq: 12, text: 'snapshot' }
        : { kind: 'events', events: log.slice(after, after + 5) },
    ),
}

describe('An observer of a channel', () => {
  it('[H16] it hears of each flush and event once, whatever the number of sinks', () => {
    const { channel, ticks, observer, publish } = open({ kind: 'disconnect' })
    publish(2)
    ticks.run()
    // No sink was subscribed.
    expect(observer).toMatchObject({ events: 2, flushes: 0, waits: [] })
    for (let count = 0; count < 50; count++) channel.subscribe(new Recorder(), channel.head)
    publish(3)
    ticks.run()
    publish(1)
    ticks.run()
    expect(observer).toMatchObject({ events: 6, flushes: 2, replays: 0, snapshots: 0, drops: 0 })
    expect(observer.waits).toHaveLength(4)
  })

  it('[H16] it measures from the commit where that is known, and never a negative time', () => {
    const { channel, ticks, observer } = open({ kind: 'disconnect' })
    channel.subscribe(new Recorder(), 0)
    const now = performance.now()
    channel.publish({ ...eventAt(1), at: now - 5_000 })
    channel.publish({ ...eventAt(2), at: now + 60_000 })
    channel.publish(eventAt(3))
    ticks.run()
    const [committed = 0, ahead, arrived = 0] = observer.waits
    expect(committed).toBeGreaterThanOrEqual(5_000)
    expect(ahead).toBe(0)
    expect(arrived).toBeLessThan(committed - 4_000)
  })

  it('[H16] it measures nothing while every sink is congested', () => {
    const { channel, ticks, observer, publish } = open({ kind: 'disconnect' })
    const slow = new Recorder()
    slow.isTaking = false
    channel.subscribe(slow, 0)
    publish(1)
    ticks.run()
    publish(1)
    ticks.run()
    expect(observer).toMatchObject({ events: 2, flushes: 1 })
    expect(observer.waits).toHaveLength(1)
  })

  it('[H16] it hears what was replayed to a returning sink, from the ring and from the log', async () => {
    const { channel, ticks, observer, publish } = open(readable)
    publish(12)
    ticks.run()
    // Eight in the ring.
    const [near, far] = [new Recorder(), new Recorder()]
    channel.subscribe(near, 9)
    expect(observer.replays).toBe(3)
    channel.subscribe(far, 0)
    await settle()
    expect(far.seqs).toHaveLength(12)
    expect(observer.replays).toBe(3 + 12)
    publish(2)
    ticks.run()
    expect(far.seqs).toHaveLength(14)
    expect(observer).toMatchObject({ replays: 15, snapshots: 0, drops: 0 })
  })

  it('[H16] it counts events as replayed when a sink had fallen behind, and not those that came in time', async () => {
    const { channel, ticks, observer, publish } = open(readable)
    const slow = new Recorder()
    const cursor = channel.subscribe(slow, 0)
    publish(1)
    ticks.run()
    slow.isTaking = false
    publish(1)
    ticks.run()
    publish(18)
    ticks.run()
    expect([cursor.isBehind, cursor.lag]).toEqual([true, 18])
    slow.isTaking = true
    cursor.drained()
    await settle()
    expect(slow.seqs).toEqual(log.slice(0, 20).map(({ seq }) => seq))
    expect([cursor.isBehind, observer.replays]).toEqual([false, 18])
  })

  it('[H16] it hears of snapshots, which replay nothing', async () => {
    const { channel, ticks, observer, publish } = open(readable)
    publish(12)
    ticks.run()
    const sinks = [new Recorder(), new Recorder()]
    for (const sink of sinks) channel.subscribe(sink, null)
    await settle()
    expect(sinks.map(({ texts }) => texts)).toEqual([['snapshot'], ['snapshot']])
    expect(observer).toMatchObject({ snapshots: 2, replays: 0 })
  })

  it('[H8][H16] it hears of as many dropped events as the sinks do', () => {
    const { channel, ticks, observer, publish } = open({ kind: 'dropOldest', pending: 2 })
    const slow = new Recorder()
    const cursor = channel.subscribe(slow, 0)
    slow.isTaking = false
    publish(1)
    ticks.run()
    publish(5)
    ticks.run()
    slow.isTaking = true
    cursor.drained()
    expect([slow.seqs, slow.droppedCount, observer.drops]).toEqual([[1, 5, 6], 3, 3])
  })

  it('the hub makes one for each channel', async () => {
    const made = new Map<string, Observed>()
    const hub = new Hub({}, (id) => {
      const observer = new Observed()
      made.set(id, observer)
      return observer
    })
    const ticks = new Ticks()
    const start = () => Promise.resolve({ epoch: 'e', head: 0 })
    await hub.open('a', start, { policy: { kind: 'disconnect' }, schedule: ticks.schedule })
    hub.publish('a', eventAt(1))
    ticks.run()
    expect([...made].map(([id, { events }]) => [id, events])).toEqual([['a', 1]])
  })
})
