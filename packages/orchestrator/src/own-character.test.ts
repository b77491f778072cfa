import { type CampaignState, emptyState, type OwnCharacterFields } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import { changeOwn } from './own-character.ts'

const stateWith = (hp: { current: number; max: number; temp: number }): CampaignState => ({
  ...emptyState,
  characters: [
    {
      id: 'm',
      name: 'Mira',
      kind: 'pc',
      hp,
      hpVisible: true,
      armourClass: 12,
      conditions: [],
      initiative: null,
      ownerId: 'me',
      visible: true,
      dmNotes: '',
    },
  ],
})

describe('a player’s change of their own hit points', () => {
  it.each([
    ['below 0', { current: 5, max: 10, temp: 0 }, { current: -40, temp: 0 }, { current: 0, max: 10, temp: 0 }],
    [
      'above the maximum',
      { current: 5, max: 10, temp: 0 },
      { current: 99, temp: 3 },
      { current: 10, max: 10, temp: 3 },
    ],
    ['within', { current: 5, max: 10, temp: 4 }, { current: 7, temp: 1 }, { current: 7, max: 10, temp: 1 }],
    [
      'not at all, where the DM set them below 0',
      { current: -20, max: 10, temp: 0 },
      { current: -20, temp: 5 },
      { current: -20, max: 10, temp: 5 },
    ],
    [
      'not at all, where the DM set them above the maximum',
      { current: 15, max: 10, temp: 3 },
      { current: 15, temp: 0 },
      { current: 15, max: 10, temp: 0 },
    ],
  ])('stays within 0 and the maximum: %s', (_name, hp, is, expected) => {
    const was: OwnCharacterFields = { hp: { current: hp.current, temp: hp.temp } }
    const { characters } = changeOwn(stateWith(hp), 'me', { characterId: 'm', was, is: { hp: is } })
    expect(characters?.upsert).toEqual([{ id: 'm', hp: expected }])
  })
})
