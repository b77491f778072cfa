import { describe, expect, it } from 'vitest'
import type { AskedOperation } from '../../../../live/outbox-calls.ts'
import { isAbout, isRepeated } from './own-operations.ts'

const roll = (...targets: string[]): AskedOperation => ({ type: 'rollInitiative', targets })
const hurt: AskedOperation = { type: 'damage', targets: [{ id: 'mira' }], amount: 5 }
const save: AskedOperation = { type: 'deathSave', id: 'mira', rolled: 12 }
const end: AskedOperation = { type: 'advanceTurn', ends: { fighter: 'mira', round: 2 } }

describe('an operation that waits', () => {
  it('is about the characters that it names', () => {
    for (const operation of [roll('tobin', 'mira'), hurt, save]) {
      expect(isAbout(operation, 'mira')).toBe(true)
      expect(isAbout(operation, 'sable')).toBe(false)
    }
    expect(isAbout(end, 'mira')).toBe(false)
  })

  it('is not asked for a second time if it happens once', () => {
    expect(isRepeated(roll('mira'), roll('tobin', 'mira'))).toBe(true)
    expect(isRepeated(roll('mira'), roll('tobin'))).toBe(false)
    expect(isRepeated(save, { type: 'deathSave', id: 'mira' })).toBe(true)
    expect(isRepeated(save, { type: 'deathSave', id: 'tobin' })).toBe(false)
    expect(isRepeated(end, end)).toBe(true)
    expect(isRepeated(roll('mira'), save)).toBe(false)
  })

  it('can be followed by more damage', () => {
    expect(isRepeated(hurt, hurt)).toBe(false)
  })
})
