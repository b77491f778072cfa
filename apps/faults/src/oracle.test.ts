import { describe, expect, it } from 'vitest'
import {
  type Acknowledged,
  type FollowerRecord,
  type ReceivedEvent,
  isClean,
  judge,
  type Log,
  type LogStream,
} from './oracle.ts'

const EPOCH = 'epoch'
const text = (seq: number) =>
  JSON.stringify({ type: 'campaign_updated', seq, hash: `h${seq}`, entries: [{ id: `e${seq}`, text: `<w-${seq}>` }] })
const stream = (head: number): LogStream => ({
  epoch: EPOCH,
  head,
  floor: 0,
  events: Array.from({ length: head }, (_, n) => ({ seq: n + 1, text: text(n + 1) })),
})
const log = (head: number): Log => ({ dm: stream(head), player: stream(head) })
const acknowledged = (...seqs: number[]): Acknowledged[] =>
  seqs.map((seq) => ({ key: `key-${seq}`, seq, mark: `<w-${seq}>` }))
const event = (seq: number): ReceivedEvent => ({ kind: 'event', epoch: EPOCH, seq, text: text(seq) })
const snapshot = (seq: number): ReceivedEvent => ({
  kind: 'snapshot',
  epoch: EPOCH,
  seq,
  hash: `h${seq}`,
  entryIds: [`e${seq}`],
})
const follower = (...heard: ReceivedEvent[]): FollowerRecord => ({
  name: 'Pia',
  audience: 'player',
  heard,
  connections: 2,
  complaints: [],
})
const verdictOn = (...heard: ReceivedEvent[]) =>
  judge({ acknowledged: acknowledged(1, 2, 3), log: log(3), followers: [follower(...heard)] })

describe('the oracle', () => {
  it('the oracle finds no fault where every event arrived once and in order, also after a snapshot', () => {
    for (const heard of [
      [snapshot(1), event(2), event(3)],
      [snapshot(1), snapshot(3)],
      [snapshot(2), event(3)],
    ]) {
      const verdict = verdictOn(...heard)
      expect(verdict).toMatchObject({
        acknowledged: 3,
        lost: 0,
        repeated: 0,
        outOfOrder: 0,
        reconnects: 1,
        problems: [],
      })
      expect(isClean(verdict)).toBe(true)
    }
  })

  it.each([
    ['a gap', [snapshot(1), event(3)], { lost: 1 }],
    ['a missing tail', [snapshot(1), event(2)], { lost: 1 }],
    ['nothing at all', [], { lost: 3 }],
    ['a repeat', [snapshot(1), event(2), event(2), event(3)], { repeated: 1 }],
    ['two the wrong way round', [snapshot(1), event(3), event(2)], { lost: 1, outOfOrder: 1 }],
    ['a snapshot of the past', [snapshot(3), snapshot(1), event(2), event(3)], { outOfOrder: 1 }],
    ['an event before any snapshot', [event(1), event(2), event(3)], { outOfOrder: 1 }],
  ])('finds a mistake in the events that a client received: %s', (_what, heard, found) => {
    const verdict = verdictOn(...heard)
    expect(verdict).toMatchObject(found)
    expect(isClean(verdict)).toBe(false)
  })

  it.each<[string, ReceivedEvent]>([
    ['of another epoch', { ...event(2), epoch: 'other' }],
    ['with other words', { ...event(2), text: text(2).replace('w-2', 'w-9') }],
    ['that leads to another view', { kind: 'event', epoch: EPOCH, seq: 2, hash: 'h9' }],
    ['with other entries', { kind: 'event', epoch: EPOCH, seq: 2, entryIds: [] }],
    ['that the log does not have', event(7)],
  ])('finds an event %s', (_what, wrong) => {
    expect(verdictOn(snapshot(1), wrong, event(3)).problems).not.toEqual([])
  })

  it('the oracle finds an acknowledged change that the log lacks, has at another place, or has twice', () => {
    const of = (acks: Acknowledged[], kept: Log = log(3)) => judge({ acknowledged: acks, log: kept, followers: [] })
    expect(of(acknowledged(1, 2, 3, 4))).toMatchObject({ lost: 1 })
    expect(of([...acknowledged(1, 2), { key: 'other', seq: 2, mark: '<w-2>' }])).toMatchObject({ lost: 1, repeated: 1 })
    expect(of([...acknowledged(1, 2), { key: 'other', seq: 3, mark: '<elsewhere>' }])).toMatchObject({ lost: 1 })
    const twice = { ...stream(3), events: [1, 2, 3].map((seq) => ({ seq, text: text(Math.min(seq, 2)) })) }
    expect(of(acknowledged(1, 2), { dm: twice, player: stream(3) })).toMatchObject({ repeated: 2 })
  })

  it('the oracle finds a gap in a log, and a log that was pruned', () => {
    const holed = { ...stream(3), events: stream(3).events.filter(({ seq }) => seq !== 2) }
    for (const dm of [holed, { ...stream(3), floor: 1 }])
      expect(judge({ acknowledged: [], log: { dm, player: stream(3) }, followers: [] }).problems).not.toEqual([])
  })

  it('the oracle repeats the complaints of a client', () => {
    const complaining = { ...follower(snapshot(3)), complaints: ['it was sent a secret of the DMs'] }
    const verdict = judge({ acknowledged: acknowledged(1, 2, 3), log: log(3), followers: [complaining] })
    expect(verdict.problems).toEqual(['Pia: it was sent a secret of the DMs'])
  })
})
