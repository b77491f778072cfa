import { MAX_EXPRESSION } from '../notation/expression.ts'
import { roll } from '../notation/index.ts'
import { Refusal } from '../refusal.ts'
import { drawsOf, hashOfSeed, seedFromText } from './draw.ts'

/** A roll as it was stored. `draws`: sides and value of each die, in the order in which they were thrown. */
export type StoredRoll = {
  counter: number
  nonce: string
  notation: string
  draws: readonly (readonly [sides: number, value: number])[]
  total: number
}

/** The reason why a roll is not as it was committed to. */
type Mismatch = 'counter' | 'draws' | 'total'

export type CheckedRoll = { roll: StoredRoll; mismatch: Mismatch | null }

/** True when the seed is the one whose hash was given before. */
export function isSeedOf(seed: string, hash: string): boolean {
  try {
    return hashOfSeed(seedFromText(seed)) === hash
  } catch {
    return false
  }
}

/**
 * Computes each roll again. `first`: the counter that the first of these rolls must have; the others follow without a gap. A total is
 * computed from the notation with the drawn dice.
 */
export function* checkRolls(seed: string, rolls: Iterable<StoredRoll>, first = 0): Generator<CheckedRoll> {
  const bytes = seedFromText(seed)
  let counter = first
  for (const one of rolls) yield { roll: one, mismatch: mismatchOf(bytes, one, counter++) }
}

function mismatchOf(seed: Uint8Array, stored: StoredRoll, counter: number): Mismatch | null {
  if (stored.counter !== counter) return 'counter'
  const draw = drawsOf(seed, stored)
  if (!stored.draws.every(([sides, value]) => isDie(sides) && draw(sides) === value)) return 'draws'
  return followsFrom(stored) ? null : 'total'
}

const isDie = (sides: number): boolean => Number.isInteger(sides) && sides >= 1

/** A critical hit may write more than a person may: its total can't be read again. */
function followsFrom({ notation, draws, total }: StoredRoll): boolean {
  if (notation.length > MAX_EXPRESSION) return true
  let at = 0
  try {
    const again = roll(notation, (sides) => {
      const [drawnSides, value] = draws[at++] ?? []
      if (drawnSides !== sides || value === undefined) throw new Refusal('dice', 'The notation throws other dice.')
      return value
    })
    return at === draws.length && again.total === total
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}
