// The check of a campaign's dice: everything that the server has kept is read, and computed again here.
import type { DiceChain, DiceChainsPage, DiceRoll, DiceRollsPage } from '@tablecast/contracts'
import { checkRolls, isSeedOf } from '@tablecast/rules/chain'

export type DiceSource = {
  chains(before: string | null): Promise<DiceChainsPage>
  rolls(chainId: string, from: number): Promise<DiceRollsPage>
}

/** `why`: for a person. `roll`: null where the whole chain is meant. */
type Mismatch = { chain: DiceChain; roll: DiceRoll | null; why: string }
/** `all`: the rolls whose seed was shown. */
export type Tally = { good: number; all: number }
/** `rolls`: of the shown chains, for a file. */
export type DiceReport = {
  chains: readonly DiceChain[]
  tallies: Record<DiceChain['kind'], Tally>
  mismatches: readonly Mismatch[]
  rolls: ReadonlyMap<string, readonly DiceRoll[]>
}

/** `progress`: called with the number of rolls that were looked at. Throws what the source throws. */
export async function checkDice(source: DiceSource, progress: (looked: number) => void): Promise<DiceReport> {
  const chains = await allChains(source)
  const tallies = { open: { good: 0, all: 0 }, secret: { good: 0, all: 0 } }
  const mismatches: Mismatch[] = []
  const rolls = new Map<string, DiceRoll[]>()
  let looked = 0
  for (const chain of chains) {
    if (chain.seed === null) continue
    const found: DiceRoll[] = []
    const tally = tallies[chain.kind]
    tally.all += chain.rolls
    rolls.set(chain.id, found)
    const isSeedRight = isSeedOf(chain.seed, chain.hash)
    if (!isSeedRight) mismatches.push({ chain, roll: null, why: 'This seed is not the one that was committed to.' })
    for await (const page of pagesOf(source, chain)) {
      if (isSeedRight) {
        const wrong = wrongOf(chain, chain.seed, page, found.length)
        mismatches.push(...wrong)
        tally.good += page.length - wrong.length
      }
      found.push(...page)
      looked += page.length
      progress(looked)
    }
    const missing = chain.rolls - found.length
    if (missing > 0)
      mismatches.push({ chain, roll: null, why: `${missing.toLocaleString('en')} of these rolls are missing.` })
  }
  return { chains, tallies, mismatches, rolls }
}

function wrongOf(chain: DiceChain, seed: string, page: readonly DiceRoll[], first: number): Mismatch[] {
  const wrong: Mismatch[] = []
  let at = 0
  for (const { mismatch } of checkRolls(seed, page, first)) {
    const roll = page[at++]
    if (mismatch !== null && roll) wrong.push({ chain, roll, why: reasons[mismatch] })
  }
  return wrong
}

const reasons = {
  counter: 'Its number is not the next one.',
  draws: 'These are not the dice of the seed.',
  total: 'The total does not follow from the dice.',
}

/** The newest first. */
async function allChains({ chains }: DiceSource): Promise<DiceChain[]> {
  const all: DiceChain[] = []
  for (;;) {
    const page = await chains(all.at(-1)?.id ?? null)
    all.push(...page.chains)
    if (!page.more || page.chains.length === 0) return all
  }
}

async function* pagesOf({ rolls }: DiceSource, { id }: DiceChain): AsyncGenerator<DiceRoll[]> {
  for (let from = 0; ;) {
    const page = await rolls(id, from)
    if (page.rolls.length > 0) yield page.rolls
    from += page.rolls.length
    if (!page.more || page.rolls.length === 0) return
  }
}
