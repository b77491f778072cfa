import { describe, expect, it } from 'vitest'
import { rateEncounter } from './difficulty.ts'

describe('the difficulty of an encounter', () => {
  it('follows the worked example: a bugbear and three hobgoblins for levels 3, 3, 3 and 2', () => {
    expect(rateEncounter([3, 3, 3, 2], [200, 100, 100, 100])).toEqual({
      difficulty: 'hard',
      xp: 500,
      adjusted: 1_000,
      thresholds: { easy: 275, medium: 550, hard: 825, deadly: 1_400 },
    })
  })

  it('counts many foes for more, and more for a small party', () => {
    const adjusted = (party: number, foes: number) =>
      rateEncounter(Array<number>(party).fill(1), Array<number>(foes).fill(50))?.adjusted
    expect([1, 2, 3, 7, 11, 15].map((foes) => adjusted(4, foes))).toEqual([50, 150, 300, 875, 1_650, 3_000])
    expect(adjusted(2, 1)).toBe(75)
    expect(adjusted(6, 1)).toBe(25)
    expect(adjusted(2, 15)).toBe(3_750)
  })

  it('is unknown without a party, and trivial without foes', () => {
    expect(rateEncounter([], [50])).toBeNull()
    expect(rateEncounter([5], [])?.difficulty).toBe('trivial')
  })
})
