// The dice of one change. Their numbers are taken in its transaction, under the room's lock, and stored with it: a change that is
// refused, tried again or lost uses up none.
import { randomBytes } from 'node:crypto'
import type { NarrativeEntry } from '@tablecast/contracts'
import type { DraftEntry } from '@tablecast/narrator'
import { type Draw, printExpression, readNotation, roll, type RollDice, type RollKind } from '@tablecast/rules'
import { drawsOf, hashOfSeed, SEED_BYTES, seedFromText, seedToText } from '@tablecast/rules/chain'
import type { DiceRollRow, Repositories } from '@tablecast/store'
import { beginningLine } from './lines.ts'

/** The dice that a change throws. */
export interface Rolls {
  readonly roll: RollDice
  /** The line that has to stand in the story before the change's entries; null where there is none. */
  beginning(): DraftEntry | null
  /** Stores the rolls. `entries`: those of the change, with the very objects that `roll` gave. */
  store(entries: readonly RolledEntry[]): Promise<void>
}

type RolledEntry = { id: string; rolls: readonly object[] }

/** `id`: null for a chain that begins with this change. `next`: the counter of the next roll. */
type Chain = { id: string | null; seed: Uint8Array; first: number; next: number }
type Rolled = Omit<DiceRollRow, 'entryId' | 'at'> & { kind: RollKind }

type RollBookDeps = {
  tables: Pick<Repositories, 'dice'>
  campaignId: string
  at: string
  /** Of the person who rolls. Null: they sent none. */
  nonce: string | null
  newId: () => string
  /** Called for each roll that was stored, before the commit. */
  rolled: (kind: RollKind) => void
}

export class RollBook implements Rolls {
  readonly #deps: RollBookDeps
  readonly #nonce: string
  readonly #chains: Map<RollKind, Chain>
  readonly #rolls = new Map<object, Rolled>()

  private constructor(deps: RollBookDeps, chains: Map<RollKind, Chain>) {
    this.#deps = deps
    this.#nonce = deps.nonce ?? randomBytes(12).toString('base64url')
    this.#chains = chains
  }

  static async open(deps: RollBookDeps): Promise<RollBook> {
    const current = await deps.tables.dice.current(deps.campaignId)
    return new RollBook(
      deps,
      new Map(
        current.map(({ id, kind, seed, rolls }) => [
          kind,
          { id, seed: seedFromText(seed), first: rolls, next: rolls } satisfies Chain,
        ]),
      ),
    )
  }

  readonly roll: RollDice = (given, kind, throwing) => {
    const notation = typeof given === 'string' ? readNotation(given) : given
    const chain = this.#chain(kind)
    const place = { counter: chain.next, nonce: this.#nonce }
    const rolled = roll(notation, drawing(drawsOf(chain.seed, place), throwing))
    if (rolled.drawn.length === 0) return rolled
    chain.next += 1
    this.#rolls.set(rolled, {
      ...place,
      kind,
      // The text of a critical hit or an advantage is not the dice that are thrown.
      notation: printExpression(notation.expression),
      draws: rolled.drawn.map(({ sides, value }) => [sides, value]),
      total: rolled.total,
    })
    return rolled
  }

  beginning(): DraftEntry | null {
    const open = this.#chains.get('open')
    return open?.id === null && open.next > 0 ? beginningLine(hashOfSeed(open.seed)) : null
  }

  async store(entries: readonly RolledEntry[]): Promise<void> {
    const { tables, campaignId, at, newId, rolled } = this.#deps
    const entryOf = new Map(entries.flatMap(({ id, rolls }) => rolls.map((one) => [one, id] as const)))
    for (const [kind, chain] of this.#chains) {
      if (chain.next === chain.first) continue
      const { seed } = chain
      const id = chain.id ?? newId()
      if (chain.id === null)
        await tables.dice.begin(campaignId, { id, kind, hash: hashOfSeed(seed), seed: seedToText(seed), at })
      const rows: DiceRollRow[] = []
      for (const [object, { kind: kindOfRoll, ...row }] of this.#rolls)
        if (kindOfRoll === kind) rows.push({ ...row, entryId: entryOf.get(object) ?? null, at })
      await tables.dice.add(id, rows)
      for (const _row of rows) rolled(kind)
    }
  }

  #chain(kind: RollKind): Chain {
    const known = this.#chains.get(kind)
    if (known) return known
    const begun: Chain = { id: null, seed: new Uint8Array(randomBytes(SEED_BYTES)), first: 0, next: 0 }
    this.#chains.set(kind, begun)
    return begun
  }
}

/** Thrown in place of the first die of a change whose chains were not read. */
class ChainsNeeded extends Error {}

const unread: Rolls['roll'] = () => {
  throw new ChainsNeeded()
}

/**
 * Runs `work`, which may throw dice. Most changes throw none, so the chains are read only once a die is thrown: then `work` runs again from
 * its beginning, and must not have written anything before. `rolls`: null where nothing was thrown.
 */
export async function withDice<T>(
  open: () => Promise<Rolls>,
  work: (roll: RollDice) => T | Promise<T>,
): Promise<{ done: T; rolls: Rolls | null }> {
  try {
    return { done: await work(unread), rolls: null }
  } catch (error) {
    if (!(error instanceof ChainsNeeded)) throw error
  }
  const rolls = await open()
  return { done: await work(rolls.roll), rolls }
}

/** Dice that tests throw. They belong to no chain, and nobody can check them. */
export const givenRolls = (draw: Draw): Rolls => ({
  roll: (given, _kind, throwing) => roll(given, drawing(draw, throwing)),
  beginning: () => null,
  store: () => Promise.resolve(),
})

const drawing =
  (draw: Draw, throwing: (() => void) | undefined): Draw =>
  (sides) => {
    throwing?.()
    return draw(sides)
  }

/** As people see a roll, and as an entry keeps it. */
export const shownRoll = ({ notation, output, total, label }: NarrativeEntry['rolls'][number]) => ({
  notation,
  output,
  total,
  label,
})
