import { describe, expect, it } from 'vitest'
import { readNotation } from '@tablecast/rules/notation'
import { readBuiltIn } from './built-in.ts'
import { asNewFighter, saveBonus } from './figures.ts'

describe('the built-in creatures', () => {
  const creatures = readBuiltIn()
  const find = (name: string) => {
    const found = creatures.find((one) => one.name === name)
    if (!found) throw new Error(`${name} is missing`)
    return found
  }

  it('are 334 with ids and names that each stand once', () => {
    expect(creatures).toHaveLength(334)
    expect(new Set(creatures.map(({ id }) => id)).size).toBe(334)
    expect(new Set(creatures.map(({ name }) => name)).size).toBe(334)
  })

  it('have figures alone, and no sentences', () => {
    for (const { traits, actions, text } of creatures) {
      expect(text).toBeUndefined()
      for (const one of [...traits, ...actions]) {
        expect(one.text).toBeUndefined()
        expect(one.name.length).toBeLessThan(60)
      }
    }
  })

  it('have dice that can be rolled', () => {
    for (const { hitDice, actions } of creatures) {
      if (hitDice !== undefined) readNotation(hitDice)
      for (const { damage = [] } of actions) for (const { dice } of damage) if (dice !== undefined) readNotation(dice)
    }
  })

  it('enter a fight with the figures that a DM needs', () => {
    expect(asNewFighter(find('Goblin'), { count: 6 })).toMatchObject({
      name: 'Goblin',
      count: 6,
      hp: 7,
      armourClass: 15,
      initiativeBonus: 2,
      xp: 50,
    })
    expect(asNewFighter(find('Goblin'), { rollsHitPoints: true }).hp).toBe('2d6')
    expect(asNewFighter(find('Adult Black Dragon'), {}).uses).toEqual([
      { key: 'reaction', name: 'Reaction', most: 1, back: { kind: 'turn' } },
      { key: 'legendary', name: 'Legendary actions', most: 3, back: { kind: 'turn' } },
      { key: '5-acid-breath', name: 'Acid Breath', most: 1, back: { kind: 'recharge', from: 5 } },
      { key: '10-legendary-resistance', name: 'Legendary Resistance', most: 3, back: { kind: 'rest' } },
    ])
  })

  it('save with their own bonus, or with that of the ability', () => {
    expect(saveBonus(find('Aboleth'), 'con')).toBe(6)
    expect(saveBonus(find('Aboleth'), 'dex')).toBe(-1)
  })
})
