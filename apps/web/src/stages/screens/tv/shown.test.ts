import { DM_TURN, type NarrativeEntry, type PlayerCharacter, type PlayerView } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import { lastRoll, shownOnTv, storyOf, turnsFromNow } from './shown.ts'

const fighter = (id: string, downed: PlayerCharacter['downed'] = null) => ({ id, name: id, downed }) as PlayerCharacter
const viewOf = (part: Partial<PlayerView>): PlayerView =>
  ({
    handouts: [],
    presented: null,
    map: null,
    characters: [],
    turn: { round: 0, order: [], current: null },
    ...part,
  }) as never

describe('the picture of a television', () => {
  const held = { handouts: [{ id: 'letter' }], presented: { handoutId: 'letter' } } as unknown as Partial<PlayerView>
  const withMap = { map: { id: 'm' } } as unknown as Partial<PlayerView>

  it('is by itself the handout that the DM holds up, else the map, else the scene', () => {
    expect(shownOnTv(viewOf({ ...held, ...withMap }), 'auto').kind).toBe('handout')
    expect(shownOnTv(viewOf(withMap), 'auto').kind).toBe('map')
    expect(shownOnTv(viewOf({}), 'auto').kind).toBe('scene')
  })

  it('is what the DM has chosen, and the scene in place of a map that is not there', () => {
    for (const show of ['map', 'scene', 'story'] as const)
      expect(shownOnTv(viewOf({ ...held, ...withMap }), show).kind).toBe(show)
    expect(shownOnTv(viewOf(held), 'map').kind).toBe('scene')
  })

  it('names no handout that is held up to one player alone', () => {
    const alone = { handouts: [], presented: { handoutId: 'letter' } } as unknown as Partial<PlayerView>
    expect(shownOnTv(viewOf(alone), 'auto').kind).toBe('scene')
  })
})

describe('the turns on a screen', () => {
  const characters = [fighter('a'), fighter('b'), fighter('c'), fighter('dead', { state: 'dead' } as never)]
  const turns = (current: string | null) =>
    turnsFromNow(viewOf({ characters, turn: { round: 2, order: ['a', 'dead', 'b', 'c'], current } })).map(
      ({ id }) => id,
    )

  it('begin with the acting fighter, go once around, and leave out the dead', () => {
    expect(turns('b')).toEqual(['b', 'c', 'a'])
    expect(turns(null)).toEqual(['a', 'b', 'c'])
    expect(turns('dead')).toEqual(['dead', 'b', 'c', 'a'])
  })

  it('begin with the DM during the turn of one whom players do not see', () => {
    expect(turns(DM_TURN)).toEqual([DM_TURN, 'a', 'b', 'c'])
  })
})

describe('the story on a screen', () => {
  const entry = (id: string, part: Partial<NarrativeEntry> = {}) =>
    ({ id, kind: 'narration', text: id, rolls: [], withdrawn: false, ...part }) as unknown as NarrativeEntry
  const roll = { notation: '1d20', total: 7, output: '', label: '' }

  it('is its newest words, without commands and without what was taken back', () => {
    const entries = [entry('one'), entry('two'), entry('command', { kind: 'system' }), entry('', { withdrawn: true })]
    expect(storyOf(entries, 2).map(({ id }) => id)).toEqual(['one', 'two'])
  })

  it('has the newest roll that still counts', () => {
    const entries = [
      entry('first', { rolls: [roll] }),
      entry('undone', { rolls: [roll], withdrawn: true }),
      entry('words'),
    ]
    expect(lastRoll(entries)?.entry.id).toBe('first')
    expect(lastRoll([entry('words')])).toBeNull()
  })
})
