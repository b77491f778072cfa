import { MAX_CHARACTERS, type Fighter, type FightState } from '../fighter.ts'
import { placeOf, withId } from '../frozen-lists.ts'
import {
  critical as doubledDice,
  readNotation,
  roll,
  type RollDice,
  type RollKind,
  type RollResult,
} from '../notation/index.ts'
import { Refusal } from '../refusal.ts'
import { nameForDm, shownName, withAppearances } from '../shown-names.ts'
import type { Ability } from './operation.ts'

/**
 * An operation takes these from outside. `saveBonus` reads a fighter's sheet or stat block; it is 0 where nothing is known. `toHit` reads
 * the bonus of an attack; it is null where the fighter has no such attack.
 */
export type FightContext = {
  roll: RollDice
  /** ISO 8601, UTC, milliseconds. */
  now: string
  newId: () => string
  saveBonus?: ((fighter: Fighter, ability: Ability) => number) | undefined
  toHit?: ((fighter: Fighter, action: string) => number | null) | undefined
}

/**
 * A line for the log. `players` is null where they must not learn of it. `rolls` belong to the readers of the line.
 * `isBookkeeping` lines can be folded. `turn` names the fight, round and acting fighter: it is for the server alone.
 */
export type Line = {
  dm: string
  players: string | null
  rolls: RollResult[]
  isBookkeeping: boolean
  turn: string | null
}

/** Things that a turn's start or end ran, and things that it asks of people. */
export type Due =
  | { kind: 'ended'; fighter: string; condition: string }
  | { kind: 'recharge'; fighter: string; use: string; rolled: number; isBack: boolean }
  | { kind: 'usesBack'; fighter: string; use: string }
  | { kind: 'save'; fighter: string; condition: string; ability: Ability; dc: number }
  | { kind: 'concentration'; fighter: string; on: string; dc: number }
  | { kind: 'deathSave'; fighter: string }
  | { kind: 'onDeck'; fighter: string }
  /** A rolled attack, whose damage the DM may deal. `hits` is null where the armour class is not known. */
  | { kind: 'attack'; fighter: string; action: string; output: string; hits: boolean | null; isCritical: boolean }

/** One operation at work: the state so far, and what it says. */
export class Fight {
  readonly context: FightContext
  readonly lines: Line[] = []
  readonly due: Due[] = []
  readonly #places = new Map<string, number>()
  #state: FightState

  constructor(state: FightState, context: FightContext) {
    this.#state = state
    this.context = context
  }

  get state(): FightState {
    return this.#state
  }

  fighter(id: string): Fighter {
    return this.#found(id).fighter
  }

  isThere(id: string): boolean {
    return withId(this.#state.characters, id) !== undefined
  }

  /** Shares everything that does not change. */
  change(id: string, fields: Partial<Fighter>): Fighter {
    const { fighter, place } = this.#found(id)
    const next = { ...fighter, ...fields }
    const characters = this.#state.characters.slice()
    characters[place] = next
    this.set({ characters })
    return next
  }

  /** An operation asks for a fighter several times. The place stays the same until somebody before it leaves. */
  #found(id: string): { fighter: Fighter; place: number } {
    const { characters } = this.#state
    let place = this.#places.get(id) ?? 0
    if (characters[place]?.id !== id) place = placeOf(characters, id)
    const fighter = characters[place]
    if (!fighter) throw new Refusal('operation', 'This fighter is not there any more.')
    this.#places.set(id, place)
    return { fighter, place }
  }

  set(fields: Partial<FightState>): void {
    this.#state = { ...this.#state, ...fields }
  }

  add(fighters: readonly Fighter[]): void {
    if (this.#state.characters.length + fighters.length > MAX_CHARACTERS)
      throw new Refusal('operation', `A campaign has at most ${MAX_CHARACTERS} characters. Remove some first.`)
    this.set({ characters: [...this.#state.characters, ...fighters] })
  }

  countAppearances(): void {
    this.set({ characters: withAppearances(this.#state.characters) })
  }

  /** Rolls an amount once. Less than nothing is nothing. */
  amount(
    asked: number | string,
    kind: RollKind,
    { isCritical = false }: { isCritical?: boolean | undefined } = {},
  ): { amount: number; rolls: RollResult[] } {
    if (typeof asked === 'number') return { amount: asked, rolls: [] }
    const read = readNotation(asked)
    const expression = isCritical ? doubledDice(read.expression) : read.expression
    const rolled = this.context.roll({ ...read, expression }, kind)
    const amount = Math.min(9_999, Math.max(0, Math.trunc(rolled.total)))
    return { amount, rolls: rolled.drawn.length > 0 ? [rolled] : [] }
  }

  dice(notation: string, kind: RollKind): RollResult {
    return this.context.roll(notation, kind)
  }

  /** The kind of a roll that `say` will show with a line about these fighters. */
  kindOf(about: readonly string[], { isForDm = false }: Pick<LineOptions, 'isForDm'> = {}): RollKind {
    const { characters } = this.#state
    return !isForDm && about.some((id) => shownName(characters, id) !== null) ? 'open' : 'secret'
  }

  d20(
    bonus: number,
    { rolled, advantage }: { rolled?: number | undefined; advantage?: string | undefined },
    kind: RollKind,
  ): RollResult {
    const sign = bonus < 0 ? '-' : '+'
    const after = bonus === 0 ? '' : `${sign}${Math.abs(bonus)}`
    const dice = advantage === 'advantage' ? '2d20kh1' : advantage === 'disadvantage' ? '2d20kl1' : '1d20'
    // A number on a real die is nobody's draw.
    return rolled === undefined ? this.context.roll(`${dice}${after}`, kind) : roll(`1d20${after}`, () => rolled)
  }

  /** Writes a line about fighters. Players get it when they know one of them, and it names to them only those that they know. */
  say(about: readonly string[], text: (view: View) => string, options: LineOptions = {}): void {
    const { rolls = [], isForDm = false, isBookkeeping = false } = options
    const { characters, turn, encounter } = this.#state
    const forDm = nameOnce((id) => nameForDm(characters, id))
    const forPlayers = nameOnce((id) => shownName(characters, id))
    const isKnown = !isForDm && about.some((id) => forPlayers(id) !== null)
    this.lines.push({
      dm: text(viewOf(forDm, about)),
      players: isKnown ? text(viewOf(forPlayers, about)) : null,
      rolls,
      isBookkeeping,
      turn: encounter && turn.current !== null ? `${encounter.id} ${turn.round} ${turn.current}` : null,
    })
  }
}

/** The names that one audience knows. `known`: those of the line's fighters who are among them. */
type View = { name: (id: string) => string; knows: (id: string) => boolean; known: string[]; names: string }

/** Null for a fighter that the audience does not know. */
type NameOf = (id: string) => string | null

/** A line asks for a name several times, and each search goes through all characters. */
function nameOnce(nameOf: NameOf): NameOf {
  const names = new Map<string, string | null>()
  return (id) => {
    const known = names.get(id)
    if (known !== undefined) return known
    const name = nameOf(id)
    names.set(id, name)
    return name
  }
}

function viewOf(nameOf: NameOf, about: readonly string[]): View {
  const knows = (id: string) => nameOf(id) !== null
  const known = about.filter(knows)
  const name = (id: string) => nameOf(id) ?? 'somebody'
  return { name, knows, known, names: known.map(name).join(', ') }
}

type LineOptions = { rolls?: RollResult[]; isForDm?: boolean; isBookkeeping?: boolean }

export const isMember = (state: FightState, id: string): boolean => state.turn.order.includes(id)

/** Dice with a bonus, or temporary hit points, would tell players figures of such a fighter. */
export const hasSecretFigures = ({ kind, hpVisible }: Fighter): boolean => kind !== 'pc' && !hpVisible
