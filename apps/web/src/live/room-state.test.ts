import {
  applyPatch,
  diff,
  emptyState,
  type NarrativeEntry,
  type PlayerCampaignEvent,
  type PlayerView,
  playerView,
  stateHash,
} from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import { awaySummary } from './away.ts'
import { foldEvent, prependPage, type RoomState } from './room-state.ts'

const stamp = { timestamp: '2026-01-01T00:00:00.000Z', audience: 'player' } as const
const hero = {
  id: 'm',
  name: 'Mira',
  kind: 'pc',
  hp: { current: 9, max: 9, temp: 0 },
  health: 'unhurt',
  armourClass: 12,
  conditions: [],
  initiative: 3,
  ownerId: null,
  initials: 'M',
  side: 'party',
  downed: null,
  concentration: null,
  portrait: null,
} as const
const view: PlayerView = { ...playerView(emptyState), characters: [{ ...hero, conditions: [] }] }
const entry = (id: string) =>
  ({
    id,
    at: stamp.timestamp,
    kind: 'narration',
    author: { id: 'd', name: 'D', role: 'dm' },
    text: id,
    rolls: [],
    audience: 'all',
    withdrawn: false,
  }) as const

const active = (seq: number): PlayerCampaignEvent => ({
  ...stamp,
  type: 'campaign_active',
  seq,
  campaign_id: 'c',
  snapshot: { name: 'C', view, entries: [{ ...entry('a'), rolls: [] }], more: false, hash: stateHash(view), dm: null },
})

function update(seq: number, before: PlayerView, after: PlayerView, hash = stateHash(after)): PlayerCampaignEvent {
  return {
    ...stamp,
    type: 'campaign_updated',
    seq,
    campaign_id: 'c',
    patch: diff(before, after),
    entries: [{ ...entry(`e${seq}`), rolls: [] }],
    withdrawn: [],
    hash,
    dm: null,
  }
}

const hurt = applyPatch(view, { characters: { upsert: [{ id: 'm', hp: { current: 4, max: 9, temp: 0 } }] } })
const turned = { ...hurt, turn: { round: 2, order: ['m'], current: 'm' } }

describe('the room as a client folds it', () => {
  const first = foldEvent(null, 'e:1', active(1))
  const second = foldEvent(first, 'e:2', update(2, view, hurt))

  it('a room’s state takes each event once', () => {
    expect(second?.campaign).toMatchObject({ view: hurt, entries: [{ id: 'a' }, { id: 'e2' }] })
    expect(foldEvent(second, 'e:2', update(2, view, hurt))).toBe(second)
  })

  it('a room’s state notices that it differs from the server’s', () => {
    expect(second?.isTrue).toBe(true)
    expect(foldEvent(second, 'e:3', update(3, hurt, turned, 'another hash'))?.isTrue).toBe(false)
  })

  it('a room’s state takes every snapshot, also one with a seq that it knows', () => {
    expect(foldEvent(second, 'e:2', active(2))?.campaign).toMatchObject({ view, entries: [{ id: 'a' }] })
  })

  const withdrawing = (seq: number, id: string, entry?: NarrativeEntry): PlayerCampaignEvent => ({
    ...stamp,
    type: 'campaign_updated',
    seq,
    campaign_id: 'c',
    patch: null,
    entries: [],
    withdrawn: [{ id, withdrawn: !entry, ...(entry ? { entry } : {}) }],
    hash: stateHash(hurt),
    dm: null,
  })
  const whole = (id: string): NarrativeEntry => ({ ...entry(id), rolls: [], text: `WORDS-${id}` })
  const wordsOf = (room: RoomState | null) => room?.campaign?.entries.map(({ text }) => text)

  it('a player’s state loses the words of a withdrawn entry, and gets them back with a redo', () => {
    const undone = foldEvent(second, 'e:3', withdrawing(3, 'e2'))
    expect(undone?.campaign?.entries).toMatchObject([{ id: 'a' }, { id: 'e2', text: '', withdrawn: true }])
    expect(wordsOf(foldEvent(undone, 'e:4', withdrawing(4, 'e2', whole('e2'))))).toEqual(['a', 'WORDS-e2'])
    expect(undone?.isTrue).toBe(true)
  })

  it('a DM’s state keeps the words of a withdrawn entry', () => {
    const ofDm = second && ({ ...second, audience: 'dm' } as RoomState)
    expect(wordsOf(foldEvent(ofDm, 'e:3', withdrawing(3, 'e2')))).toEqual(['a', 'e2'])
  })

  it('a page requested before an undo brings no withdrawn words', () => {
    const page = { entries: [whole('old'), whole('older')], more: false }
    const undone = foldEvent(second, 'e:3', withdrawing(3, 'old')) as RoomState
    expect(wordsOf(prependPage(undone, 'c', page))).toEqual(['', 'WORDS-older', 'a', 'e2'])
    const redone = foldEvent(undone, 'e:4', withdrawing(4, 'old', whole('old'))) as RoomState
    expect(wordsOf(prependPage(redone, 'c', page))).toEqual(['WORDS-old', 'WORDS-older', 'a', 'e2'])
  })

  it('a withdrawn entry does not count as news', () => {
    const undone = foldEvent(second, 'e:3', withdrawing(3, 'e2'))
    expect(awaySummary(first, undone)).toEqual(['Hit points: Mira 9 → 4.'])
  })

  it('a returning player’s summary is three lines, the same for the same two states', () => {
    const third = foldEvent(second, 'e:3', update(3, hurt, turned)) as RoomState
    expect(awaySummary(first, third)).toEqual([
      'Round 2: it is the turn of Mira.',
      'Hit points: Mira 9 → 4.',
      '2 new entries in the story.',
    ])
    expect(awaySummary(third, third)).toEqual([])
  })
})
