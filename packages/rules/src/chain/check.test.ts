import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readNotation, printExpression, roll } from '../notation/index.ts'
import { checkRolls, isSeedOf, type StoredRoll } from './check.ts'
import { drawsOf, hashOfSeed, seedFromText } from './draw.ts'

const seed = '5e'.repeat(32)
const notations = ['1d20+5', '2d20kh1-1', '4d6dl1', '3d6!', '2d10r1', '6d10>7', '{2d6,1d12}kh1', '1d6', '8d6 fire']

function rolled(notation: string, counter: number): StoredRoll {
  const nonce = `nonce-${counter}`
  const { expression } = readNotation(notation)
  const { drawn, total } = roll(notation, drawsOf(seedFromText(seed), { counter, nonce }))
  return {
    counter,
    nonce,
    notation: printExpression(expression),
    draws: drawn.map(({ sides, value }) => [sides, value] as const),
    total,
  }
}

const theFirst = rolled('1d20+5', 0)

const mismatches = (rolls: readonly StoredRoll[], by = seed) =>
  [...checkRolls(by, rolls)].map(({ mismatch }) => mismatch)

describe('the check of a chain', () => {
  const chain = notations.map(rolled)

  it('finds every roll as it was committed to', () => {
    expect(mismatches(chain)).toEqual(notations.map(() => null))
    expect([...checkRolls(seed, chain.slice(3), 3)].every(({ mismatch }) => mismatch === null)).toBe(true)
  })

  it('finds each number that was changed', () => {
    fc.assert(
      fc.property(
        fc.nat(chain.length - 1),
        fc.constantFrom('counter' as const, 'nonce' as const, 'value' as const, 'total' as const),
        (at, what) => {
          const one = chain[at] ?? theFirst
          const [[sides, value] = [6, 1], ...others] = one.draws
          const changes = {
            counter: { ...one, counter: one.counter + 1 },
            nonce: { ...one, nonce: `${one.nonce}x` },
            value: { ...one, draws: [[sides, (value % sides) + 1] as const, ...others] },
            total: { ...one, total: one.total + 1 },
          } as const
          const found = mismatches(chain.with(at, changes[what]))
          // Another nonce may show the same die by chance.
          if (what !== 'nonce') expect(found[at]).toBe({ counter: 'counter', value: 'draws', total: 'total' }[what])
          expect(found.filter((_one, index) => index !== at).every((mismatch) => mismatch === null)).toBe(true)
        },
      ),
    )
  })

  it('finds a roll that was left out, and one that was put in twice', () => {
    expect(mismatches(chain.toSpliced(2, 1)).slice(1, 4)).toEqual([null, 'counter', 'counter'])
    expect(mismatches([theFirst, theFirst])).toEqual([null, 'counter'])
  })

  it('finds a notation that throws other dice, or can’t be read', () => {
    expect(mismatches([{ ...theFirst, notation: '2d20kh1+5' }])).toEqual(['total'])
    expect(mismatches([{ ...theFirst, notation: 'nothing' }])).toEqual(['total'])
    expect(mismatches([{ ...theFirst, draws: [...theFirst.draws, [0, 1]] }])).toEqual(['draws'])
  })

  it('knows the seed by its hash', () => {
    const hash = hashOfSeed(seedFromText(seed))
    expect(isSeedOf(seed, hash)).toBe(true)
    expect(isSeedOf(`${seed.slice(0, -1)}f`, hash)).toBe(false)
    expect(isSeedOf('none', hash)).toBe(false)
    expect(mismatches(chain, '00'.repeat(32))).toContain('draws')
  })
})
