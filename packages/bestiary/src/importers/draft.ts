// A creature on its way from a file to a stat block. Each importer fills in what its format has, and this checks it.
import { startOf } from '@tablecast/text'
import { abilityModifier } from '../abilities.ts'
import { type Action, StatBlock, type Trait } from '../stat-block.ts'
import { type ActionFigures, readActionText, readName } from './action-text.ts'
import {
  type Ability,
  ABILITIES,
  averageOf,
  challengeOf,
  sensesOf,
  speedOf,
  type Tell,
  wordsOf,
} from './figures-in-text.ts'
import { defined } from './loose-values.ts'

/** `figures`: from fields of the file. They give way to those in the text, which say more. */
export type DraftAction = {
  kind: Action['kind']
  name: string
  usage?: string
  text: string
  figures?: ActionFigures
  limits?: Pick<Action, 'uses' | 'recharge' | 'cost' | 'multiattack'>
}
export type DraftTrait = {
  name: string
  usage?: string
  text: string
  uses?: number | undefined
  spellcasting?: Trait['spellcasting']
}

/** `initiative` is what is added to the d20; without it, Dexterity is. `speed` and `senses` may be words as a stat block prints them. */
export type Draft = {
  size?: StatBlock['size'] | undefined
  name: string
  source?: string | undefined
  type?: string | undefined
  subtype?: string | undefined
  alignment?: string | undefined
  ac: number | undefined
  acNote?: string | undefined
  hp: number | undefined
  hitDice?: string | undefined
  initiative?: number | undefined
  challenge?: string | undefined
  xp?: number | undefined
  proficiency?: number | undefined
  speed?: readonly string[] | StatBlock['speed'] | undefined
  abilities: Partial<Record<Ability, number>>
  saves?: Partial<Record<Ability, number>> | undefined
  skills?: readonly (readonly [name: string, modifier: number])[] | undefined
  senses?: readonly string[] | StatBlock['senses'] | undefined
  languages?: readonly string[] | undefined
  resistances?: readonly string[] | undefined
  immunities?: readonly string[] | undefined
  vulnerabilities?: readonly string[] | undefined
  conditionImmunities?: readonly string[] | undefined
  traits?: readonly DraftTrait[] | undefined
  actions?: readonly DraftAction[] | undefined
  text?: string | undefined
}

const MAX_TEXT = 8_000
const MAX_TRAITS = 60
const MAX_ACTIONS = 80

/**
 * The stat block of a draft, without an id. A figure that is out of bounds is left out, and `tell` gets the reason for everything that
 * is. Null when the name, the hit points or a bound of the whole block fails.
 */
export function blockOf(draft: Draft, tell: Tell): Omit<StatBlock, 'id'> | null {
  const hp = draft.hp ?? (draft.hitDice === undefined ? undefined : averageOf(draft.hitDice))
  if (hp === undefined) {
    tell('It has no hit points.')
    return null
  }
  const { abilities, missing } = abilitiesOf(draft.abilities)
  if (missing.length > 0) tell(`It has no figure for ${missing.join(', ')}: 10 is used.`)
  if (draft.ac === undefined) tell('It has no armour class: 10 and its Dexterity are used.')
  const challenge = challengeOf(draft.challenge ?? '', tell)
  return checked(
    defined({
      id: 'new',
      name: startOf(draft.name, 120),
      source: line(draft.source),
      size: draft.size,
      type: line(draft.type),
      subtype: line(draft.subtype),
      alignment: line(draft.alignment),
      ac: draft.ac ?? 10 + abilityModifier(abilities.dex),
      acNote: line(draft.acNote),
      hp,
      hitDice: draft.hitDice,
      initiative: draft.initiative ?? abilityModifier(abilities.dex),
      ...challenge,
      ...(draft.xp === undefined ? {} : { xp: draft.xp }),
      proficiency: draft.proficiency,
      speed: isWords(draft.speed) ? speedOf(draft.speed, tell) : draft.speed,
      abilities,
      saves: filled(draft.saves),
      skills: skillsOf(draft.skills ?? [], tell),
      senses: isWords(draft.senses) ? sensesOf(draft.senses) : draft.senses,
      languages: wordsOf(draft.languages ?? []),
      resistances: wordsOf(draft.resistances ?? []),
      immunities: wordsOf(draft.immunities ?? []),
      vulnerabilities: wordsOf(draft.vulnerabilities ?? []),
      conditionImmunities: wordsOf(draft.conditionImmunities ?? []),
      traits: atMost(MAX_TRAITS, 'traits', draft.traits ?? [], tell).map((one) => traitOf(one, tell)),
      actions: atMost(MAX_ACTIONS, 'actions', draft.actions ?? [], tell).map((one) => actionOf(one, tell)),
      text: proseOf(draft.text ?? '', 'The description', tell),
    }),
    tell,
  )
}

const isWords = (value: Draft['speed'] | Draft['senses']): value is readonly string[] => Array.isArray(value)

const line = (text: string | undefined): string | undefined => startOf((text ?? '').trim(), 200) || undefined

const filled = <T extends object>(fields: T | undefined): T | undefined =>
  fields && Object.keys(fields).length > 0 ? fields : undefined

function abilitiesOf(given: Draft['abilities']): { abilities: Record<Ability, number>; missing: string[] } {
  const abilities = { str: 10, dex: 10, con: 10, int: 10, wis: 10, cha: 10 }
  const missing: string[] = []
  for (const ability of ABILITIES) {
    const score = given[ability]
    if (score !== undefined && score >= 0 && score <= 99) abilities[ability] = score
    else missing.push(ABILITY_NAMES[ability])
  }
  return { abilities, missing }
}

const ABILITY_NAMES: Readonly<Record<Ability, string>> = {
  str: 'Strength',
  dex: 'Dexterity',
  con: 'Constitution',
  int: 'Intelligence',
  wis: 'Wisdom',
  cha: 'Charisma',
}

function skillsOf(skills: NonNullable<Draft['skills']>, tell: Tell): StatBlock['skills'] {
  if (skills.length === 0) return undefined
  return Object.fromEntries(
    atMost(60, 'skills', skills, tell).map(([name, modifier]) => [startOf(name.trim().toLowerCase(), 60), modifier]),
  )
}

function atMost<T>(most: number, what: string, all: readonly T[], tell: Tell): readonly T[] {
  if (all.length > most) tell(`It has more than ${most} ${what}: the others are left out.`)
  return all.slice(0, most)
}

function proseOf(given: string, what: string, tell: Tell): string | undefined {
  if (given.length > MAX_TEXT) tell(`${what} is longer than ${MAX_TEXT.toLocaleString('en')} characters and was cut.`)
  return startOf(given, MAX_TEXT).trim() || undefined
}

function traitOf({ name: given, usage = '', text, uses: known, spellcasting }: DraftTrait, tell: Tell): Trait {
  const { name, uses } = readName(given, usage)
  return defined({ name, uses: uses ?? known, text: proseOf(text, `The text of ${name}`, tell), spellcasting })
}

function actionOf({ kind, name: given, usage = '', text, figures, limits }: DraftAction, tell: Tell): Action {
  const { name, ...fromName } = readName(given, usage)
  const content = proseOf(text, `The text of ${name}`, tell)
  return defined({ name, kind, ...limits, ...fromName, ...figures, ...readActionText(content ?? ''), text: content })
}

/** Fields whose values may be wrong in a file, in words for a person. */
const FIELD_WORDS: Readonly<Record<string, string>> = {
  ac: 'armour class',
  acNote: 'note on the armour class',
  hp: 'hit points',
  hitDice: 'hit dice',
  initiative: 'initiative',
  cr: 'challenge',
  xp: 'experience',
  proficiency: 'proficiency bonus',
  speed: 'speed',
  saves: 'saving throws',
  skills: 'skills',
  senses: 'senses',
  conditionImmunities: 'condition immunities',
  toHit: 'bonus to hit',
  longRange: 'long range',
  recharge: 'recharge',
}
/** Every stat block has these. */
const NEEDED: readonly string[] = ['id', 'name', 'ac', 'hp', 'abilities', 'initiative']
const MAX_REPAIRS = 100

/** Takes out one field after the other that is out of bounds, until the rest passes. */
function checked(given: object, tell: Tell): Omit<StatBlock, 'id'> | null {
  let candidate: unknown = given
  for (let repairs = 0; repairs < MAX_REPAIRS; repairs++) {
    const result = StatBlock.safeParse(candidate)
    if (result.success) {
      const { id: _id, ...block } = result.data
      return block
    }
    const path = result.error.issues[0]?.path ?? []
    const [top] = path
    if (top === undefined) {
      tell('It has more text than the 64 kB of a stat block.')
      return null
    }
    if (NEEDED.includes(String(top))) {
      tell(`Its ${wordsFor(top)} ${top === 'name' || top === 'initiative' ? 'is' : 'are'} out of bounds.`)
      return null
    }
    const cut = path.length > 3 ? path.slice(0, 3) : path
    tell(`${whereIs(candidate, cut)} is out of bounds and was left out.`)
    candidate = without(candidate, cut)
  }
  tell('More than 100 of its figures are out of bounds.')
  return null
}

const wordsFor = (field: PropertyKey): string => FIELD_WORDS[String(field)] ?? String(field)

function whereIs(block: unknown, path: readonly PropertyKey[]): string {
  const [list, index, field] = path
  if ((list === 'actions' || list === 'traits') && typeof index === 'number') {
    const one =
      block instanceof Object && list in block
        ? (block as Record<string, { name: string }[]>)[list]?.[index]
        : undefined
    const name = one ? startOf(one.name, 60) : 'an action'
    return field === undefined || field === 'name' ? `“${name}”` : `The ${wordsFor(field)} of “${name}”`
  }
  return `The figure for ${wordsFor(list ?? 'the creature')}`
}

/** A copy without the value at the path. */
function without(value: unknown, [key, ...rest]: readonly PropertyKey[]): unknown {
  if (Array.isArray(value)) {
    const index = Number(key)
    if (rest.length === 0 || rest[0] === 'name') return value.filter((_one, at) => at !== index)
    return value.map((one: unknown, at) => (at === index ? without(one, rest) : one))
  }
  if (!(value instanceof Object)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, field]: [string, unknown]) => {
      if (name !== String(key)) return [[name, field]]
      return rest.length === 0 ? [] : [[name, without(field, rest)]]
    }),
  )
}
