import { describe, expect, it } from 'vitest'
import { Channel } from './channel.ts'
import type { Recovery } from './overflow-policy.ts'
import { eventAt, openChannel, Recorder, settle, Ticks } from './testing.ts'

describe('Channel', () => {
  it('[H4][H5] a channel writes the events of a tick once, from bytes that all sinks share', () => {
    const { channel, ticks, publish } = openChannel({ kind: 'disconnect' })
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
    const { channel, ticks, publish } = openChannel({ kind: 'disconnect' })
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
    const { channel, ticks, publish } = openChannel({ kind: 'latest' })
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
    const { channel, ticks } = openChannel({
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
    const { channel, ticks } = openChannel({ kind: 'dropOldest', pending: 16, recover }, 16)
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
    const { channel, ticks } = openChannel(
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
    const { channel, ticks, publish } = openChannel({ kind: 'resume', recover: () => answer.promise })
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
    const recover = (after: number | null): Promise<Recovery> => {
      asked.push(after)
      return Promise.resolve(
        after === null
          ? { kind: 'snapshot', seq: 4, text: 'snapshot' }
          : { kind: 'events', events: [1, 2, 3, 4].map(eventAt).slice(after) },
      )
    }
    // As after a restart: the ring has none of them.
    const channel = new Channel('c', { epoch: 'e', head: 4 }, { policy: { kind: 'resume', recover } })
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
    for (const after of [0, 1, null]) expect(new Set(bytes.get(after)).size).toBe(1)
  })

  it('[H17][H18] an answer is not shared after a newer event, nor after the log has lost its events', async () => {
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

  it('[H17][H18] a cursor that shares an answer gets no event that the log loses before the cursor has the answer', async () => {
    let text = 'before'
    const recover = (): Promise<Recovery> => Promise.resolve({ kind: 'snapshot', seq: 2, text, floor: 0 })
    const { channel } = openChannel({ kind: 'resume', recover })
    channel.subscribe(new Recorder(), null)
    await settle()
    const second = new Recorder()
    channel.subscribe(second, null)
    text = 'after'
    channel.reach(2, 2)
    await settle()
    expect(second.texts).toEqual(['after'])
  })

  it('[H13] a cursor ends when its log can not be read', async () => {
    const { channel } = openChannel({ kind: 'resume', recover: () => Promise.reject(new Error('down')) })
    const sink = new Recorder()
    channel.subscribe(sink, null)
    await settle()
    expect(sink.closed).toBe('failed')
    expect(channel.size).toBe(0)
  })

  it('[H17] a channel learns the floor from a read of the log, and replays nothing below it', async () => {
    const log = [1, 2, 3, 4].map(eventAt)
    const { channel, ticks } = openChannel({
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
    const { channel, ticks, publish } = openChannel({
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
