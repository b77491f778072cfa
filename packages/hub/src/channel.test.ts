import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Channel } from './channel.ts'
import type { OverflowPolicy, Recovery } from './overflow-policy.ts'
import { Hub } from './hub.ts'
import { eventAt, Recorder, Ticks } from './testing.ts'

const open = (policy: OverflowPolicy, ringSize = 8) => {
  const ticks = new Ticks()
  const channel = new Channel('c', { epoch: 'e', head: 0 }, { policy, ringSize, schedule: ticks.schedule })
  return { channel, ticks, publish: (count: number) => publishNext(channel, count) }
}

function publishNext(channel: Channel, count: number): void {
  for (let left = count; left > 0; left--) channel.publish(eventAt(channel.head + 1))
}

const settle = async () => {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve()
}

describe('Channel', () => {
  it('[H4][H5] a channel writes the events of a tick once, from bytes that all sinks share', () => {
    const { channel, ticks, publish } = open({ kind: 'disconnect' })
    let made = 0
    const bytes: Uint8Array[] = []
    const sink = () => ({
      write(batch: Parameters<Recorder['write']>[0]) {
        bytes.push(batch.wire('text', (event) => (made++, Buffer.from(event.text))).bytes)
        return true
      },
      close() {},
    })
    for (let count = 0; count < 100; count++) channel.subscribe(sink(), 0)
    publish(3)
    ticks.run()
    expect(bytes).toHaveLength(100)
    expect(new Set(bytes).size).toBe(1)
    expect(made).toBe(3)
  })

  it('[H6][H7] a slow or throwing reader never delays another, and a slow one goes on where it stopped', () => {
    const { channel, ticks, publish } = open({ kind: 'disconnect' })
    const [slow, good] = [new Recorder(), new Recorder()]
    slow.isTaking = false
    const bad = channel.subscribe(
      {
        write: () => {
          throw new Error('broken')
        },
        close() {},
      },
      0,
    )
    const slowCursor = channel.subscribe(slow, 0)
    channel.subscribe(good, 0)
    for (let round = 0; round < 4; round++) {
      publish(1)
      ticks.run()
    }
    expect(good.seqs).toEqual([1, 2, 3, 4])
    expect(slow.seqs).toEqual([1])
    expect(slowCursor.lag).toBe(3)
    slow.isTaking = true
    slowCursor.drained()
    expect(slow.seqs).toEqual([1, 2, 3, 4])
    expect([...channel.cursors]).not.toContain(bad)
  })

  it('[H9] a sink that was congested gets the newest event and nothing stale after it', () => {
    const { channel, ticks, publish } = open({ kind: 'latest' })
    const sink = new Recorder()
    sink.isTaking = false
    const cursor = channel.subscribe(sink, 0)
    for (let round = 0; round < 20; round++) {
      publish(1)
      ticks.run()
    }
    sink.isTaking = true
    cursor.drained()
    expect(sink.seqs).toEqual([1, 20])
  })

  it('[H10] a channel reads the missing events before an event that jumps ahead', async () => {
    const log = [1, 2, 3, 4, 5].map(eventAt)
    const { channel, ticks } = open({
      kind: 'resume',
      recover: (after) => Promise.resolve({ kind: 'events', events: log.slice(after ?? 0) }),
    })
    const sink = new Recorder()
    channel.subscribe(sink, 0)
    channel.publish(eventAt(1))
    channel.publish(eventAt(4))
    channel.publish(eventAt(5))
    channel.publish(eventAt(2))
    await settle()
    ticks.run()
    expect(sink.seqs).toEqual([1, 2, 3, 4, 5])
  })

  it('[H8][H10] a dropOldest channel reads missing events as far back as its log goes, and counts the others as dropped', async () => {
    const log = Array.from({ length: 20 }, (_, n) => eventAt(n + 1))
    let floor = 0
    const recover = (after: number) =>
      Promise.resolve({ kind: 'events' as const, events: log.slice(Math.max(after, floor)) })
    const { channel, ticks } = open({ kind: 'dropOldest', pending: 16, recover }, 16)
    const sink = new Recorder()
    channel.subscribe(sink, 0)
    log.length = 4
    channel.publish(eventAt(4))
    await settle()
    ticks.run()
    expect(sink.seqs).toEqual([1, 2, 3, 4])
    // The log keeps the newest five.
    for (let seq = 5; seq <= 20; seq++) log.push(eventAt(seq))
    floor = 15
    channel.reach(20)
    await settle()
    ticks.run()
    expect(sink.seqs).toEqual([1, 2, 3, 4, 16, 17, 18, 19, 20])
    expect(sink.droppedCount).toBe(11)
  })

  it('[H15] a channel that learns of a newer head reads its log page by page, and then the events published meanwhile', async () => {
    const log = Array.from({ length: 9 }, (_, n) => eventAt(n + 1))
    const { channel, ticks } = open(
      {
        kind: 'resume',
        recover: (after) => Promise.resolve({ kind: 'events', events: log.slice(after ?? 0, (after ?? 0) + 2) }),
      },
      16,
    )
    const sink = new Recorder()
    channel.subscribe(sink, 0)
    channel.reach(7)
    channel.reach(7)
    channel.publish(eventAt(8))
    for (let page = 0; page < 5; page++) await settle()
    channel.reach(3)
    ticks.run()
    expect(sink.seqs).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('[H14] the ring keeps a limited number of characters, and a cursor beyond it reads the log', async () => {
    const texts = Array.from({ length: 20 }, (_, n) => ({ seq: n + 1, text: `"${'x'.repeat(100)}${n}"` }))
    const ticks = new Ticks()
    const asked: (number | null)[] = []
    const channel = new Channel(
      'c',
      { epoch: 'e', head: 0 },
      {
        policy: {
          kind: 'resume',
          recover: (after) => {
            asked.push(after)
            return Promise.resolve({ kind: 'events', events: texts.slice(after ?? 0) })
          },
        },
        ringSize: 64,
        ringLength: 500,
        schedule: ticks.schedule,
      },
    )
    const [slow, quick] = [new Recorder(), new Recorder()]
    slow.isTaking = false
    const cursor = channel.subscribe(slow, 0)
    channel.subscribe(quick, 0)
    for (const event of texts) {
      channel.publish(event)
      ticks.run()
    }
    expect(quick.seqs).toHaveLength(20)
    expect(channel.head - channel.floor).toBe(4)
    slow.isTaking = true
    cursor.drained()
    await settle()
    expect(slow.seqs).toEqual(quick.seqs)
    expect(asked).toEqual([1])
    channel.publish({ seq: 21, text: 'y'.repeat(5_000) })
    expect(channel.at(21)).toBeDefined()
    expect(channel.head - channel.floor).toBe(1)
  })

  it('[H11] a detached cursor writes nothing, also when the log answers late', async () => {
    const answer = Promise.withResolvers<Recovery>()
    const { channel, ticks, publish } = open({ kind: 'resume', recover: () => answer.promise })
    const sink = new Recorder()
    const cursor = channel.subscribe(sink, null)
    cursor.detach()
    answer.resolve({ kind: 'snapshot', seq: 0, text: 'snapshot' })
    publish(2)
    ticks.run()
    await settle()
    expect(sink.writes).toBe(0)
  })

  it('[H18] cursors that come one after the other for the same events share one read and its bytes', async () => {
    const asked: (number | null)[] = []
    const { channel, publish } = open({
      kind: 'resume',
      recover: (after) => {
        asked.push(after)
        const events = [1, 2, 3].map(eventAt)
        return Promise.resolve(
          after === null
            ? { kind: 'snapshot', seq: 3, text: 'snapshot' }
            : { kind: 'events', events: events.slice(after) },
        )
      },
    })
    publish(3)
    // As after a restart: the ring has none of them.
    channel.publish({ ...eventAt(4), floor: 3 })
    const bytes = new Map<number | null, Uint8Array[]>()
    for (const after of [0, 1, null])
      for (let count = 0; count < 20; count++) {
        channel.subscribe(
          {
            write(batch) {
              const made = batch.wire('text', (event) => Buffer.from(event.text)).bytes
              bytes.set(after, [...(bytes.get(after) ?? []), made])
              return true
            },
            close() {},
          },
          after,
        )
        await settle()
      }
    expect(asked).toEqual([0, 1, null])
    for (const after of [0, 1, null]) expect(new Set(bytes.get(after)).size).toBe(2)
  })

  it('[H17][H18] an answer is not shared after the log has lost its events, nor when it leads nowhere', async () => {
    const asked: (number | null)[] = []
    const log = Array.from({ length: 40 }, (_, n) => eventAt(n + 1))
    let end = 1
    let lost = 0
    const recover = (after: number | null): Promise<Recovery> => {
      asked.push(after)
      return Promise.resolve(
        (after ?? 0) < lost
          ? { kind: 'snapshot', seq: end, text: 'snapshot', floor: lost }
          : { kind: 'events', events: log.slice(after ?? 0, end) },
      )
    }
    const channel = new Channel(
      'c',
      { epoch: 'e', head: 1 },
      { policy: { kind: 'resume', recover }, ringSize: 8, schedule: new Ticks().schedule },
    )
    channel.subscribe(new Recorder(), 0)
    await settle()
    // Newer events push the ring beyond the answer.
    while (end < 39) channel.publish(eventAt(++end))
    const later = new Recorder()
    channel.subscribe(later, 0)
    await settle()
    expect(later.seqs).toEqual(log.slice(0, 39).map(({ seq }) => seq))
    lost = 30
    channel.publish({ ...eventAt(40), floor: 30 })
    end = 40
    const last = new Recorder()
    channel.subscribe(last, 0)
    await settle()
    expect(last.seqs).toEqual([40])
    expect(asked.filter((after) => after === 0)).toHaveLength(3)
  })

  it('[H13] a cursor ends when its log can not be read', async () => {
    const { channel } = open({ kind: 'resume', recover: () => Promise.reject(new Error('down')) })
    const sink = new Recorder()
    channel.subscribe(sink, null)
    await settle()
    expect(sink.closed).toBe('failed')
    expect(channel.size).toBe(0)
  })

  it('[H17] a channel learns the floor from a read of the log, and replays nothing below it', async () => {
    const log = [1, 2, 3, 4].map(eventAt)
    const { channel, ticks } = open({
      kind: 'resume',
      recover: (after) =>
        Promise.resolve(
          after === null || after < 3
            ? { kind: 'snapshot', seq: 4, text: 'snapshot', floor: 3 }
            : { kind: 'events', events: log.slice(after), floor: 3 },
        ),
    })
    const live = new Recorder()
    channel.subscribe(live, 0)
    for (const event of log.slice(0, 3)) channel.publish(event)
    ticks.run()
    // The bus lost the message with the fourth event and the floor.
    channel.reach(4)
    await settle()
    ticks.run()
    const back = new Recorder()
    channel.subscribe(back, 1)
    await settle()
    expect(live.seqs).toEqual([1, 2, 3, 4])
    expect(back.texts).toEqual(['snapshot'])
  })

  it('a new subscriber gets the snapshot and not the event with the same seq', async () => {
    const { channel, ticks, publish } = open({
      kind: 'resume',
      recover: () => Promise.resolve({ kind: 'snapshot', seq: 3, text: 'snapshot' }),
    })
    publish(3)
    ticks.run()
    const sink = new Recorder()
    channel.subscribe(sink, null)
    await settle()
    expect(sink.texts).toEqual(['snapshot'])
  })
})

describe('Hub', () => {
  it('[H12] events published while a channel opens are neither lost nor doubled', async () => {
    const hub = new Hub()
    const loaded = Promise.withResolvers<{ epoch: string; head: number }>()
    const ticks = new Ticks()
    const policy: OverflowPolicy = { kind: 'disconnect' }
    const opening = hub.open('c', () => loaded.promise, { policy, schedule: ticks.schedule })
    hub.publish('c', eventAt(5))
    hub.publish('c', eventAt(6))
    loaded.resolve({ epoch: 'e', head: 5 })
    const channel = await opening
    const sink = new Recorder()
    channel.subscribe(sink, 5)
    ticks.run()
    expect(sink.seqs).toEqual([6])
    expect(await hub.open('c', () => Promise.reject(new Error('opened twice')), { policy })).toBe(channel)
  })

  it('the hub releases a channel without subscribers, and keeps one with a subscriber', async () => {
    const hub = new Hub()
    const start = () => Promise.resolve({ epoch: 'e', head: 0 })
    const policy: OverflowPolicy = { kind: 'disconnect' }
    const used = await hub.open('used', start, { policy })
    await hub.open('idle', start, { policy })
    used.subscribe(new Recorder(), 0)
    hub.sweep()
    hub.sweep()
    expect(hub.get('idle')).toBeUndefined()
    expect(hub.get('used')).toBe(used)
  })
})

type Op =
  | { op: 'publish'; count: number }
  | { op: 'jump'; count: number }
  | { op: 'subscribe'; back: number | null }
  | { op: 'congest' | 'drain' | 'detach'; which: number }
  | { op: 'prune'; keep: number }
  | { op: 'forget'; isTold: boolean; isSilent: boolean }
  | { op: 'answer'; which: number }
  | { op: 'tick' }

const which = fc.nat(20)
const ops = fc.array(
  fc.oneof(
    fc.record({ op: fc.constant('publish' as const), count: fc.integer({ min: 1, max: 12 }) }),
    fc.record({ op: fc.constant('jump' as const), count: fc.integer({ min: 2, max: 12 }) }),
    fc.record({ op: fc.constant('subscribe' as const), back: fc.option(fc.nat(30)) }),
    fc.record({ op: fc.constantFrom('congest' as const, 'drain' as const, 'detach' as const), which }),
    fc.record({ op: fc.constant('prune' as const), keep: fc.nat(10) }),
    fc.record({ op: fc.constant('forget' as const), isTold: fc.boolean(), isSilent: fc.boolean() }),
    fc.record({ op: fc.constant('answer' as const), which }),
    fc.record({ op: fc.constant('tick' as const) }),
  ),
  { maxLength: 60 },
)

/** The events that each sink got. A snapshot is `S<n>`: the log had lost events n times when it was made. */
async function play(script: readonly Op[]) {
  const log: ReturnType<typeof eventAt>[] = []
  let floor = 0
  /** How often the log lost events, and how often the channel learned of it. */
  const forgotten = { log: 0, known: 0 }
  const waiting: (() => void)[] = []
  const ticks = new Ticks()
  const recover = (after: number | null) =>
    new Promise<Recovery>((resolve) => {
      // The read sees the log as it is now; the answer may come much later.
      const answer: Recovery =
        after === null || after < floor
          ? { kind: 'snapshot', seq: log.length, text: `S${forgotten.log}` }
          : { kind: 'events', events: log.slice(after, after + 5) }
      waiting.push(() => resolve({ ...answer, floor }))
    })
  /** Records events that were lost before they were handed over. */
  class Watched extends Recorder {
    readonly stale: string[] = []
    override write(batch: Parameters<Recorder['write']>[0]): boolean {
      for (const { seq, text } of batch.events) {
        const isOld = text.startsWith('S') ? Number(text.slice(1)) < forgotten.known : seq <= knownFloor
        if (isOld) this.stale.push(`${seq} ${text}`)
      }
      return super.write(batch)
    }
  }
  let knownFloor = 0
  const channel = new Channel(
    'c',
    { epoch: 'e', head: 0 },
    { policy: { kind: 'resume', recover }, ringSize: 4, schedule: ticks.schedule },
  )
  const readers: { sink: Watched; cursor: ReturnType<Channel['subscribe']>; from: number | null; isGone: boolean }[] =
    []
  const pick = <T>(list: T[], index: number) => list[index % Math.max(1, list.length)]

  for (const step of script) {
    switch (step.op) {
      case 'publish':
      case 'jump':
        for (let count = 0; count < step.count; count++) log.push(eventAt(log.length + 1))
        // A jump: the bus lost every event but the last.
        for (const event of log.slice(step.op === 'jump' ? -1 : -step.count)) channel.publish(event)
        break
      case 'subscribe': {
        const sink = new Watched()
        const from = step.back === null ? null : Math.max(0, channel.head - step.back)
        readers.push({ sink, from, cursor: channel.subscribe(sink, from), isGone: false })
        break
      }
      case 'congest': {
        const reader = pick(readers, step.which)
        if (reader) reader.sink.isTaking = false
        break
      }
      case 'drain': {
        const reader = pick(readers, step.which)
        if (reader) {
          reader.sink.isTaking = true
          reader.cursor.drained()
        }
        break
      }
      case 'detach': {
        const reader = pick(readers, step.which)
        if (reader) {
          reader.isGone = true
          reader.cursor.detach()
        }
        break
      }
      case 'prune':
        floor = Math.max(floor, log.length - step.keep)
        break
      case 'forget': {
        if (floor === log.length) break
        floor = log.length
        forgotten.log += 1
        const event = eventAt(log.length + 1)
        if (!step.isSilent) log.push(event)
        if (!step.isTold) break
        knownFloor = floor
        forgotten.known = forgotten.log
        if (step.isSilent) channel.reach(log.length, floor)
        else channel.publish({ ...event, floor })
        break
      }
      case 'answer':
        waiting.splice(step.which % Math.max(1, waiting.length), 1)[0]?.()
        await settle()
        break
      case 'tick':
        ticks.run()
    }
  }
  // At the end every sink drains and every read is answered.
  for (let round = 0; round < 200; round++) {
    channel.reach(log.length, floor)
    ticks.run()
    for (const { sink, cursor } of readers) {
      sink.isTaking = true
      cursor.drained()
    }
    for (const answer of waiting.splice(0)) answer()
    await settle()
  }
  return { readers, head: log.length, channel }
}

describe('Any interleaving', () => {
  it('[H1][H2][H3][H17] each subscriber gets a contiguous stream or one snapshot, up to the head, and no event that the log has lost', async () => {
    await fc.assert(
      fc.asyncProperty(ops, async (script) => {
        const { readers, head, channel } = await play(script)
        expect(channel.head).toBe(head)
        for (const { sink, from, isGone } of readers) {
          let last = from
          for (const [index, text] of sink.texts.entries()) {
            const seq = sink.seqs[index] ?? 0
            if (text.startsWith('S')) expect(seq).toBeGreaterThanOrEqual(last ?? 0)
            else expect([index, seq]).toEqual([index, (last ?? -1) + 1])
            last = seq
          }
          expect(sink.closed).toBeNull()
          if (!isGone) expect(last ?? 0).toBe(head)
          expect(sink.stale).toEqual([])
        }
      }),
      { numRuns: 400 },
    )
  })

  it('[H8] with dropOldest, delivered and dropped events add up to the published ones', () => {
    const step = fc.oneof(
      fc.record({ publish: fc.integer({ min: 1, max: 9 }) }),
      fc.constantFrom('congest', 'drain', 'tick'),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 6 }), (script, pending) => {
        const { channel, ticks, publish } = open({ kind: 'dropOldest', pending })
        const sink = new Recorder()
        const cursor = channel.subscribe(sink, 0)
        for (const what of script) {
          if (typeof what === 'object') publish(what.publish)
          else if (what === 'tick') ticks.run()
          else {
            sink.isTaking = what === 'drain'
            if (sink.isTaking) cursor.drained()
          }
        }
        sink.isTaking = true
        ticks.run()
        cursor.drained()
        expect(sink.seqs.length + sink.droppedCount).toBe(channel.head)
        expect(sink.seqs).toEqual(sink.seqs.toSorted((a, b) => a - b))
        expect(new Set(sink.seqs).size).toBe(sink.seqs.length)
      }),
      { numRuns: 400 },
    )
  })
})
