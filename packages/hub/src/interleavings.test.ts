// Channels and cursors in any order of calls: the promises that hold for all of them.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Channel } from './channel.ts'
import type { Recovery } from './overflow-policy.ts'
import { eventAt, openChannel, Recorder, settle, Ticks } from './testing.ts'

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
        const { channel, ticks, publish } = openChannel({ kind: 'dropOldest', pending })
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
