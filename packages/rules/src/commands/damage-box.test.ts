import { describe, expect, it } from 'vitest'
import { Operation } from '../operations/operation.ts'
import { boxOperation, readDamageBox, type BoxEntry } from './damage-box.ts'

const damage = (amount: number | string, more: Partial<BoxEntry & { kind: 'damage' }> = {}): BoxEntry => ({
  kind: 'damage',
  amount,
  damageType: null,
  critical: false,
  take: 'all',
  ...more,
})

describe('the damage box', () => {
  const entries: [string, BoxEntry][] = [
    ['7', damage(7)],
    ['-7', damage(7)],
    ['− 7', damage(7)],
    ['2d6+3 fire', damage('2d6+3', { damageType: 'fire' })],
    ['8d6 fire half', damage('8d6', { damageType: 'fire', take: 'half' })],
    ['12 double', damage(12, { take: 'double' })],
    ['2d8 crit', damage('2d8', { critical: true })],
    ['+5', { kind: 'heal', amount: 5 }],
    ['+2d4 + 2', { kind: 'heal', amount: '2d4 + 2' }],
    ['temp 5', { kind: 'setTemp', amount: 5 }],
    ['1d4+4 temp', { kind: 'setTemp', amount: '1d4+4' }],
    ['half', { kind: 'half' }],
  ]
  for (const [text, entry] of entries)
    it(`takes ${text}`, () => {
      expect(readDamageBox(text)).toEqual(entry)
      expect(Operation.safeParse(boxOperation(entry, ['a', 'b'], damage(9))).success).toBe(true)
    })

  it('takes half of the damage before, and refuses it where there is no damage', () => {
    expect(boxOperation({ kind: 'half' }, ['a'], damage('8d6'))).toMatchObject({
      type: 'damage',
      amount: '8d6',
      targets: [{ id: 'a', take: 'half' }],
    })
    expect(() => boxOperation({ kind: 'half' }, ['a'], null)).toThrow('no damage before')
  })

  it('refuses what it does not understand as a whole', () => {
    for (const text of ['', '+', '-', '7 quarter', 'seven', '7 Goblin', '2d6fire', '--7', '1e3', '10000'])
      expect(() => readDamageBox(text), text).toThrow()
  })
})
