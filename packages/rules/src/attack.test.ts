import { describe, expect, it } from 'vitest'
import { damageAmount, damageChoices, rollAttack } from './attack.ts'
import { roll } from './notation/index.ts'

const draws = (...values: number[]) => {
  let at = 0
  return () => values[at++] ?? 1
}

/** The same as dice to roll. */
const dice = (...values: number[]) => {
  const draw = draws(...values)
  return (notation: string) => roll(notation, draw)
}

describe('an attack', () => {
  const plain = { armourClass: 15, advantage: null }

  it('hits when it reaches the armour class', () => {
    expect(rollAttack(5, plain, dice(10))).toMatchObject({ hits: true, isCritical: false })
    expect(rollAttack(5, plain, dice(9))).toMatchObject({ hits: false })
    expect(rollAttack(-1, plain, dice(16)).roll.total).toBe(15)
    expect(rollAttack(5, { ...plain, armourClass: null }, dice(10)).hits).toBeNull()
  })

  it('hits with a 20 and is critical, and misses with a 1', () => {
    expect(rollAttack(0, { ...plain, armourClass: 99 }, dice(20))).toMatchObject({ hits: true, isCritical: true })
    expect(rollAttack(30, plain, dice(1))).toMatchObject({ hits: false, isCritical: false })
  })

  it('keeps the better or the worse of two dice', () => {
    expect(rollAttack(5, { ...plain, advantage: 'advantage' }, dice(3, 20)).isCritical).toBe(true)
    expect(rollAttack(5, { ...plain, advantage: 'disadvantage' }, dice(3, 20))).toMatchObject({ hits: false })
  })
})

describe('the damage of an attack', () => {
  it('offers two hands as an alternative, and a condition as a button of its own', () => {
    const parts = [
      { dice: '1d8+3', type: 'slashing' },
      { dice: '1d10+3', type: 'slashing', or: true },
      { dice: '1d6', type: 'fire' },
      { dice: '3d6', type: 'poison', when: 'failed save' },
    ]
    const fire = { amount: '1d6', type: 'fire', when: null }
    expect(damageChoices(parts)).toEqual({
      hits: [
        [{ amount: '1d8+3', type: 'slashing', when: null }, fire],
        [{ amount: '1d10+3', type: 'slashing', when: null }, fire],
      ],
      later: [{ amount: '3d6', type: 'poison', when: 'failed save' }],
    })
    expect(damageChoices([{ flat: 1, type: 'piercing' }]).hits).toEqual([[{ amount: 1, type: 'piercing', when: null }]])
  })

  it('of several parts is one amount', () => {
    const [hit = []] = damageChoices([
      { dice: '2d6+3', type: 'slashing' },
      { dice: '1d6', type: 'fire' },
    ]).hits
    expect(damageAmount(hit)).toBe('2d6+3+1d6')
    expect(roll(damageAmount(hit), draws(1, 2, 6)).total).toBe(12)
  })
})
