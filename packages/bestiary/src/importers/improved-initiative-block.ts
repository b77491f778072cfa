// One stat block of Improved Initiative. Its actions are sentences; their figures are read from the usual turns of phrase.
import { startOf } from '@tablecast/text'
import { z } from 'zod'
import { abilityModifier } from '../figures.ts'
import { StatBlock, type Action, type Trait } from '../stat-block.ts'
import { readActionText, readName } from './action-text.ts'
import { experienceOf } from './experience.ts'

const Figure = z.union([
  z.number(),
  z
    .string()
    .regex(/^[+-]?\d{1,4}$/)
    .transform(Number),
])
const Words = z.array(z.string()).catch([])
const Modifiers = z.array(z.object({ Name: z.string(), Modifier: Figure })).catch([])
const Texts = z
  .array(z.object({ Name: z.string(), Content: z.string().catch(''), Usage: z.string().catch('') }))
  .catch([])
const Noted = z.object({ Value: Figure, Notes: z.string().catch('') })
const Score = Figure.catch(10)

export const TheirBlock = z.object({
  Name: z.string().trim().min(1),
  Source: z.string().catch(''),
  Type: z.string().catch(''),
  HP: Noted,
  AC: Noted,
  InitiativeModifier: Figure.catch(0),
  Speed: Words,
  Abilities: z
    .object({ Str: Score, Dex: Score, Con: Score, Int: Score, Wis: Score, Cha: Score })
    .catch({ Str: 10, Dex: 10, Con: 10, Int: 10, Wis: 10, Cha: 10 }),
  DamageVulnerabilities: Words,
  DamageResistances: Words,
  DamageImmunities: Words,
  ConditionImmunities: Words,
  Saves: Modifiers,
  Skills: Modifiers,
  Senses: Words,
  Languages: Words,
  Challenge: z.union([z.string(), z.number().transform(String)]).catch(''),
  Traits: Texts,
  Actions: Texts,
  BonusActions: Texts,
  Reactions: Texts,
  LegendaryActions: Texts,
  MythicActions: Texts,
  Description: z.string().catch(''),
  Player: z.string().catch(''),
})
export type TheirBlock = z.infer<typeof TheirBlock>

const MAX_TEXT = 8_000

/** Null when the block is out of bounds. `tell` gets the reasons for all that is left out. */
export function blockOf(theirs: TheirBlock, tell: (reason: string) => void): Omit<StatBlock, 'id'> | null {
  const { Abilities: scores } = theirs
  const text = (given: string, what: string): string => {
    if (given.length > MAX_TEXT) tell(`${what} is longer than ${MAX_TEXT.toLocaleString('en')} characters and was cut.`)
    return startOf(given, MAX_TEXT).trim()
  }
  const actions = ACTION_LISTS.flatMap(([list, kind]) =>
    theirs[list].map((one): Action => {
      const { name, ...limits } = readName(one.Name, one.Usage)
      const content = text(one.Content, `The text of ${name}`)
      return defined({ name, kind, ...limits, ...readActionText(content), text: content || undefined })
    }),
  )
  const traits = theirs.Traits.map((one): Trait => {
    const { name, uses } = readName(one.Name, one.Usage)
    return defined({ name, uses, text: text(one.Content, `The text of ${name}`) || undefined })
  })
  const block = StatBlock.safeParse(
    defined({
      id: 'new',
      name: startOf(theirs.Name, 120),
      source: startOf(theirs.Source, 200) || undefined,
      ...typeOf(theirs.Type),
      ac: theirs.AC.Value,
      acNote: startOf(theirs.AC.Notes.replaceAll(/^\(|\)$/g, ''), 200) || undefined,
      hp: theirs.HP.Value,
      hitDice: diceOf(theirs.HP.Notes),
      initiative: abilityModifier(scores.Dex) + theirs.InitiativeModifier,
      ...challengeOf(theirs.Challenge, tell),
      speed: speedOf(theirs.Speed, tell),
      abilities: {
        str: scores.Str,
        dex: scores.Dex,
        con: scores.Con,
        int: scores.Int,
        wis: scores.Wis,
        cha: scores.Cha,
      },
      saves: savesOf(theirs.Saves, tell),
      skills: skillsOf(theirs.Skills),
      senses: sensesOf(theirs.Senses),
      languages: wordsOf(theirs.Languages),
      resistances: wordsOf(theirs.DamageResistances),
      immunities: wordsOf(theirs.DamageImmunities),
      vulnerabilities: wordsOf(theirs.DamageVulnerabilities),
      conditionImmunities: wordsOf(theirs.ConditionImmunities),
      traits,
      actions,
      text: text(theirs.Description, 'The description') || undefined,
    }),
  )
  if (block.success) {
    const { id: _id, ...rest } = block.data
    return rest
  }
  const [issue] = block.error.issues
  tell(`It is out of bounds: ${issue?.path.join(' ') ?? 'the block'} ${issue?.message ?? ''}.`.replace(/\s+\./, '.'))
  return null
}

const ACTION_LISTS = [
  ['Actions', 'action'],
  ['BonusActions', 'bonus'],
  ['Reactions', 'reaction'],
  ['LegendaryActions', 'legendary'],
  ['MythicActions', 'mythic'],
] as const

/** Without the fields that are undefined. */
function defined<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
}

const wordsOf = (words: readonly string[]): string[] | undefined => {
  const found = words.map((word) => startOf(word.trim(), 200)).filter(Boolean)
  return found.length > 0 ? found.slice(0, 60) : undefined
}

const TYPE = /^(?:(tiny|small|medium|large|huge|gargantuan)\b)?\s*([^,(]*?)\s*(?:\(([^)]*)\))?\s*(?:,\s*(.*))?$/i

/** “Medium humanoid (any race), any alignment” */
function typeOf(text: string): { size?: string; type?: string; subtype?: string; alignment?: string } {
  const [, size, type, subtype, alignment] = TYPE.exec(startOf(text.trim(), 200)) ?? []
  return defined({
    size: size?.toLowerCase(),
    type: type || undefined,
    subtype: subtype || undefined,
    alignment: alignment || undefined,
  }) as { size?: string }
}

function diceOf(notes: string): string | undefined {
  const [, dice, sign, digits] = /(\d{1,3}d\d{1,4})(?:\s*([+\u2212-])\s*(\d{1,4}))?/.exec(notes) ?? []
  if (dice === undefined) return undefined
  return sign === undefined || Number(digits) === 0 ? dice : `${dice}${sign === '+' ? '+' : '-'}${digits}`
}

function challengeOf(text: string, tell: (reason: string) => void): { cr?: number; xp?: number } {
  const trimmed = text.trim()
  if (trimmed === '') return {}
  const [, whole, part] = /^(\d{1,2})(?:\s*\/\s*(\d))?(?:\s*\(.*\))?$/.exec(trimmed) ?? []
  if (whole === undefined || part === '0') {
    tell(`The challenge “${startOf(trimmed, 40)}” is not understood.`)
    return {}
  }
  const cr = Number(whole) / Number(part ?? 1)
  return defined({ cr, xp: experienceOf(cr) }) as { cr: number }
}

const KINDS = ['walk', 'swim', 'fly', 'climb', 'burrow'] as const

/** “swim 40 ft.”, “fly 60 ft. (hover)” */
function speedOf(all: readonly string[], tell: (reason: string) => void): StatBlock['speed'] {
  const speed: NonNullable<StatBlock['speed']> = {}
  for (const text of all.flatMap((one) => one.split(/[,;]/))) {
    if (text.trim() === '') continue
    const [, word = 'walk', feet, rest = ''] = /^\s*([a-z]+)?\s*(\d{1,4})\s*(?:ft\.?|feet)?\s*(.*)$/i.exec(text) ?? []
    const kind = KINDS.find((known) => known === word.toLowerCase())
    if (!kind || feet === undefined) {
      tell(`The speed “${startOf(text.trim(), 40)}” is not understood.`)
      continue
    }
    speed[kind] = Number(feet)
    if (/hover/i.test(rest)) speed.hover = true
  }
  return Object.keys(speed).length > 0 ? speed : undefined
}

function savesOf(all: TheirBlock['Saves'], tell: (reason: string) => void): StatBlock['saves'] {
  const saves: NonNullable<StatBlock['saves']> = {}
  for (const { Name, Modifier } of all) {
    const ability = ABILITIES.find((known) => known === Name.trim().toLowerCase().slice(0, 3))
    if (ability) saves[ability] = Modifier
    else tell(`The save “${startOf(Name, 40)}” is not understood.`)
  }
  return Object.keys(saves).length > 0 ? saves : undefined
}

const ABILITIES = ['str', 'dex', 'con', 'int', 'wis', 'cha'] as const

const skillsOf = (all: TheirBlock['Skills']): Record<string, number> | undefined =>
  all.length > 0
    ? Object.fromEntries(
        all.slice(0, 60).map(({ Name, Modifier }) => [startOf(Name.trim().toLowerCase(), 60), Modifier]),
      )
    : undefined

const SENSES = ['darkvision', 'blindsight', 'tremorsense', 'truesight'] as const

/** “darkvision 120 ft.”, “passive Perception 14”; others keep their words. */
function sensesOf(all: readonly string[]): StatBlock['senses'] {
  const senses: NonNullable<StatBlock['senses']> = {}
  for (const text of wordsOf(all.flatMap((one) => one.split(/,(?![^(]*\))/))) ?? []) {
    const [, word = '', feet, rest = ''] = /^([a-z]+)\s+(\d{1,4})\s*(?:ft\.?|feet)?\s*(.*)$/i.exec(text) ?? []
    const sense = SENSES.find((known) => known === word.toLowerCase())
    const passive = /^passive perception\s+(\d{1,2})$/i.exec(text)?.[1]
    if (sense && feet !== undefined) senses[sense] = Number(feet)
    else if (passive !== undefined) senses.passivePerception = Number(passive)
    if ((!sense && passive === undefined) || rest !== '') senses.other = [...(senses.other ?? []), text]
  }
  return Object.keys(senses).length > 0 ? senses : undefined
}
