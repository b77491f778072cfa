import { type CampaignState, emptyState } from '@tablecast/contracts'
import type { Due } from '@tablecast/rules'
import { describe, expect, it } from 'vitest'
import { duesAfter, openDues } from './fight-dues.ts'
import type { AskedOperation } from '../../../live/outbox-calls.ts'

const save: Due = { kind: 'save', fighter: 'a', condition: 'poisoned', ability: 'con', dc: 12 }
const concentration: Due = { kind: 'concentration', fighter: 'a', on: 'bless', dc: 10 }
const ended: Due = { kind: 'ended', fighter: 'b', condition: 'prone' }
const next = { type: 'advanceTurn', ends: { fighter: 'a', round: 1 } } as const

describe('The due list of a fight', () => {
  it('drops the news of a turn with the next turn, and keeps the saves', () => {
    expect(duesAfter([save, concentration, ended], next, [])).toEqual([save, concentration])
  })

  it('drops a save when that save is rolled, and no other', () => {
    const poison: AskedOperation = { type: 'save', targets: ['a'], ability: 'con', dc: 12, ends: 'poisoned' }
    expect(duesAfter([save, concentration], poison, [])).toEqual([concentration])
    expect(duesAfter([save], { ...poison, targets: ['b'] }, [])).toEqual([save])
    const hold: AskedOperation = { type: 'save', targets: ['a'], ability: 'con', dc: 10, concentration: true }
    expect(duesAfter([save, concentration], hold, [])).toEqual([save])
  })

  it('hides what an undo or another person has settled', () => {
    const fighter: CampaignState['characters'][number] = {
      id: 'a',
      name: 'A',
      kind: 'monster',
      hp: { current: 5, max: 5, temp: 0 },
      hpVisible: false,
      armourClass: null,
      conditions: ['poisoned'],
      initiative: 1,
      ownerId: null,
      visible: true,
      dmNotes: '',
    }
    expect(openDues([save, concentration, ended], { ...emptyState, characters: [fighter] })).toEqual([save])
    const concentrating = { ...fighter, conditions: [], concentration: { on: 'bless' } }
    expect(openDues([save, concentration], { ...emptyState, characters: [concentrating] })).toEqual([concentration])
  })
})
