import { emptyState } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import { differences } from './conflict-words.ts'

const mira = {
  id: 'm',
  name: 'Mira',
  kind: 'pc' as const,
  hp: { current: 7, max: 24, temp: 3 },
  hpVisible: true,
  armourClass: null,
  conditions: ['prone'],
  initiative: 12,
  ownerId: 'u',
  visible: false,
  dmNotes: '',
}
const beat = { id: 'b', text: 'The bell', done: false, visible: true }
const state = { ...emptyState, scene: 'Their scene', characters: [mira], beats: [beat] }

describe('a conflict in words', () => {
  it('has both texts of the one field that differs', () => {
    expect(differences({ scene: 'My scene' }, state)).toEqual([{ field: '', mine: 'My scene', theirs: 'Their scene' }])
  })

  it('says hit points, conditions, switches and missing values as a person does', () => {
    const changes = {
      hp: { current: 5, max: 24, temp: 0 },
      conditions: [],
      visible: true,
      ownerId: null,
      armourClass: 15,
    }
    expect(differences({ characters: { upsert: [{ id: 'm', ...changes }] } }, state)).toEqual([
      { field: 'Mira: Hit points', mine: '5 of 24', theirs: '7 of 24, and 3 temporary' },
      { field: 'Mira: Conditions', mine: 'none', theirs: 'prone' },
      { field: 'Mira: Players', mine: 'see it', theirs: 'do not see it' },
      { field: 'Mira: Played by', mine: 'nobody', theirs: 'a player' },
      { field: 'Mira: AC', mine: '15', theirs: 'none' },
    ])
  })

  it('says that one side removed what the other changed', () => {
    expect(differences({ beats: { upsert: [{ id: 'gone', text: 'New words' }] } }, state)).toEqual([
      { field: '', mine: 'kept', theirs: 'removed' },
    ])
    expect(differences({ beats: { remove: ['b'] } }, state)).toEqual([{ field: '', mine: 'removed', theirs: 'kept' }])
  })

  it('holds no mark of JSON, whatever the patch has', () => {
    const patch = {
      scene: 'S',
      turn: { round: 2, order: ['m'], current: 'm' },
      characters: { upsert: [{ ...mira, hp: { current: 1, max: 2, temp: 3 }, name: 'Else' }], order: ['m'] },
      beats: { upsert: [{ id: 'b', done: true, visible: false }], remove: ['x'] },
    }
    const words = differences(patch, state).flatMap(({ field, mine, theirs }) => [field, mine, theirs])
    expect(words.length).toBeGreaterThan(6)
    expect(words.join('\n')).not.toMatch(/[{}[\]"]/)
  })
})
