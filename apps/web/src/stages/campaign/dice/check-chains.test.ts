import type { DiceChain, DiceRoll } from '@tablecast/contracts'
import { roll } from '@tablecast/rules/notation'
import { drawsOf, hashOfSeed, seedFromText } from '@tablecast/rules/chain'
import { describe, expect, it } from 'vitest'
import { checkDice, type DiceSource } from './check-chains.ts'

const at = '2026-01-01T20:00:00.000Z'

function chainOf(id: string, fields: Partial<DiceChain> = {}): DiceChain {
  const seed = fields.seed === undefined ? '5e'.repeat(32) : fields.seed
  const hash = seed === null ? 'unknown' : hashOfSeed(seedFromText(seed))
  const shown = { beganAt: at, revealedAt: seed === null ? null : at, isCurrent: seed === null }
  return { id, kind: 'open', hash, rolls: 3, earlierRolls: false, ...shown, ...fields, seed }
}

const rollsOf = ({ seed, rolls }: DiceChain): DiceRoll[] =>
  Array.from({ length: rolls }, (_, counter) => {
    const nonce = `n${counter}`
    const { drawn, total } = roll('2d6+1', drawsOf(seedFromText(seed ?? ''), { counter, nonce }))
    const draws = drawn.map(({ sides, value }): [number, number] => [sides, value])
    return { counter, nonce, notation: '2d6+1', draws, total, entryId: null, at }
  })

/** Two chains and two rolls a page. */
function sourceOf(chains: DiceChain[], rolls: Map<string, DiceRoll[]>): DiceSource {
  return {
    chains(before) {
      const from = before === null ? 0 : chains.findIndex(({ id }) => id === before) + 1
      return Promise.resolve({ chains: chains.slice(from, from + 2), more: from + 2 < chains.length })
    },
    rolls(chainId, from) {
      const all = rolls.get(chainId) ?? []
      return Promise.resolve({ rolls: all.slice(from, from + 2), more: from + 2 < all.length })
    },
  }
}

const chains = [
  chainOf('now', { seed: null }),
  chainOf('b', { rolls: 5 }),
  chainOf('s', { kind: 'secret' }),
  chainOf('a'),
]
const whole = () => new Map(chains.flatMap((one) => (one.seed === null ? [] : [[one.id, rollsOf(one)] as const])))

describe('the check of the dice', () => {
  it('counts the rolls of shown seeds, of all pages, the secret ones apart', async () => {
    const seen: number[] = []
    const { tallies, mismatches, rolls } = await checkDice(sourceOf(chains, whole()), (looked) => seen.push(looked))
    expect(tallies).toEqual({ open: { good: 8, all: 8 }, secret: { good: 3, all: 3 } })
    expect(mismatches).toEqual([])
    expect(seen.at(-1)).toBe(11)
    expect(rolls.get('b')).toHaveLength(5)
  })

  it('names a roll with another die, and rolls that are missing', async () => {
    const rolls = whole()
    const [first] = rolls.get('a') ?? []
    const [[sides, value] = [6, 1], ...others] = first?.draws ?? []
    if (first) first.draws = [[sides, (value % sides) + 1], ...others]
    rolls.get('b')?.pop()
    const { tallies, mismatches } = await checkDice(sourceOf(chains, rolls), () => {})
    expect(tallies.open).toEqual({ good: 6, all: 8 })
    expect(mismatches.map(({ chain, roll: one, why }) => [chain.id, one?.counter, why])).toEqual([
      ['b', undefined, '1 of these rolls are missing.'],
      ['a', 0, 'These are not the dice of the seed.'],
    ])
  })

  it('takes no roll of a seed that was not committed to as good', async () => {
    const changed = chains.map((one) => (one.id === 'b' ? { ...one, hash: 'ab'.repeat(32) } : one))
    const { tallies, mismatches } = await checkDice(sourceOf(changed, whole()), () => {})
    expect(tallies.open).toEqual({ good: 3, all: 8 })
    expect(mismatches.map(({ why }) => why)).toEqual(['This seed is not the one that was committed to.'])
  })
})
