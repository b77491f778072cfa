import { type CampaignState, emptyState, isUnique, keyedLists, type StatePatch } from '@tablecast/contracts'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changeState, conflicts, stepState } from './change.ts'
import { checkDocument } from './document.ts'

const beat = (id: string) => ({ id, text: id, done: false, visible: true })
const character = (id: string): CampaignState['characters'][number] => ({
  id,
  name: id,
  kind: 'pc',
  hp: { current: 1, max: 1, temp: 0 },
  hpVisible: true,
  armourClass: null,
  conditions: [],
  initiative: null,
  ownerId: null,
  visible: true,
  dmNotes: '',
})

const before: CampaignState = {
  ...emptyState,
  characters: ['a', 'b', 'c'].map(character),
  beats: ['a', 'b', 'c'].map(beat),
  turn: { round: 1, order: ['a', 'b'], current: 'a' },
}

/** Our own page sends no such patches. A program, a language model or the journal of an older version may. */
const id = fc.constantFrom('a', 'b', 'c', 'd', 'gone')
const ids = fc.array(id, { maxLength: 6 })
const lists = { remove: ids, order: ids }
const anyPatch: fc.Arbitrary<StatePatch> = fc.record(
  {
    characters: fc.record(
      { upsert: fc.array(fc.oneof(id.map(character), fc.record({ id })), { maxLength: 4 }), ...lists },
      { requiredKeys: [] },
    ),
    beats: fc.record(
      { upsert: fc.array(fc.oneof(id.map(beat), fc.record({ id })), { maxLength: 4 }), ...lists },
      { requiredKeys: [] },
    ),
    turn: fc.record({ round: fc.nat(3), order: ids, current: fc.option(id) }),
  },
  { requiredKeys: [] },
)

function expectWhole(state: CampaignState): void {
  for (const field of keyedLists) expect(isUnique(state[field].map((item) => item.id))).toBe(true)
  expect(isUnique(state.turn.order)).toBe(true)
  const document = {
    format: 'tablecast-campaign' as const,
    formatVersion: 1 as const,
    audience: 'dm' as const,
    exportedAt: '2026-01-01T00:00:00.000Z',
    name: 'C',
    state,
    entries: [],
  }
  expect(checkDocument(document).state).toEqual(state)
}

/** The change; null when it is refused. */
function triedOn(change: typeof changeState, patch: StatePatch): ReturnType<typeof changeState> | null {
  try {
    return change(before, patch)
  } catch (error) {
    expect(error).toMatchObject({ code: 'VALIDATION_FAILED' })
    return null
  }
}

describe('a change', () => {
  it('keeps the fields of a newer version, in the state and in each of its items, also when it is undone', () => {
    const unknown = { rain: true }
    const newer = {
      ...before,
      weather: unknown,
      turn: { ...before.turn, side: unknown },
      characters: before.characters.map((one) => ({ ...one, hp: { ...one.hp, shield: 3 }, stance: unknown })),
      beats: before.beats.map((one) => ({ ...one, at: unknown })),
    }
    const change = changeState(newer, {
      scene: 'The mill',
      characters: { upsert: [{ id: 'a', name: 'Mira' }] },
      turn: { ...newer.turn, round: 2 },
    })
    expect(change.after).toEqual({
      ...newer,
      scene: 'The mill',
      turn: { ...newer.turn, round: 2 },
      characters: newer.characters.map((one) => (one.id === 'a' ? { ...one, name: 'Mira' } : one)),
    })
    expect(stepState(change.after, change.inverse).after).toEqual(newer)
  })

  it('ends being down with its first hit point, and numbers a creature when it shows it to players', () => {
    const [first] = before.characters
    if (!first) throw new Error('there is nobody')
    const downed = { state: 'dying' as const, successes: 1, failures: 0 }
    const down = { ...before, characters: [{ ...first, hp: { current: 0, max: 9, temp: 0 }, downed }] }
    const healed = changeState(down, {
      characters: { upsert: [{ id: first.id, hp: { current: 3, max: 9, temp: 0 } }] },
    })
    expect(healed.after.characters[0]?.downed).toBeNull()
    expect(stepState(healed.after, healed.inverse).after.characters).toEqual(down.characters)
    const hidden = {
      ...before,
      characters: [{ ...first, visible: false, name: 'Goblin 3', creature: 'Goblin', number: 3 }],
    }
    const shown = changeState(hidden, { characters: { upsert: [{ id: first.id, visible: true }] } })
    expect(shown.after.characters[0]).toMatchObject({ visible: true, appearance: 1 })
  })

  it('any patch is refused, or gives a state that can be exported, imported and undone', () => {
    let taken = 0
    fc.assert(
      fc.property(anyPatch, (patch) => {
        const change = triedOn(changeState, patch)
        if (!change) return
        taken++
        expectWhole(change.after)
        expect(stepState(change.after, change.inverse).after).toEqual(before)
      }),
      { numRuns: 2_000 },
    )
    expect(taken).toBeGreaterThan(20)
  })

  it('taken back or made again from any journal, gives such a state too', () => {
    fc.assert(
      fc.property(anyPatch, (patch) => {
        const step = triedOn(stepState, patch)
        if (step) expectWhole(step.after)
      }),
      { numRuns: 2_000 },
    )
  })

  for (const [what, patch] of Object.entries({
    'orders an id three times': { characters: { order: ['a', 'a', 'a', 'b'] } },
    'orders what is not there': { characters: { order: ['a', 'gone'] } },
    'orders what it removes': { beats: { remove: ['a'], order: ['a', 'b'] } },
    'removes what is not there': { beats: { remove: ['gone'] } },
    'removes an id twice': { beats: { remove: ['a', 'a'] } },
    'changes an id twice': { beats: { upsert: [{ id: 'a' }, { id: 'a' }] } },
    'gives somebody two turns': { turn: { round: 1, order: ['a', 'a'], current: 'a' } },
  } satisfies Record<string, StatePatch>))
    it(`is refused when it ${what}`, () => {
      expect(triedOn(changeState, patch)).toBeNull()
    })

  it('may order what it adds', () => {
    const { after } = changeState(before, { beats: { upsert: [beat('d')], order: ['d', 'c', 'b', 'a'] } })
    expect(after.beats.map((item) => item.id)).toEqual(['d', 'c', 'b', 'a'])
  })

  it('is in conflict with one that removed what it puts in order', () => {
    const removal = {
      campaignId: 'c',
      version: 1,
      at: '2026-01-01T00:00:00.000Z',
      actorId: 'dm',
      kind: 'change' as const,
      patch: { beats: { remove: ['b'] } },
      inverse: null,
      entryIds: [],
      target: null,
      previousUndo: null,
      previousRedo: null,
      operation: null,
      applied: null,
    }
    expect(conflicts({ beats: { order: ['c', 'b', 'a'] } }, [removal])).toBe(true)
    expect(conflicts({ beats: { order: ['c', 'a'] } }, [removal])).toBe(false)
    expect(conflicts({ characters: { order: ['c', 'b', 'a'] } }, [removal])).toBe(false)
  })
})
