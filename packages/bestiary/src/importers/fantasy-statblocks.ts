// The YAML of Fantasy Statblocks, a plugin of Obsidian, and the JSON in which it keeps its bestiary.
import { startOf } from '@tablecast/text'
import { type Action, StatBlock } from '../stat-block.ts'
import { textOfMarkdown } from './clean-text.ts'
import type { Draft, DraftAction, DraftTrait } from './draft.ts'
import { type Ability, ABILITIES, abilityOf, diceOf, sizeOf, type Tell } from './figures-in-text.ts'
import { defined, type Fields, isFields, listOf, namesOf, textOf, valueAt, wholeOf } from './loose-values.ts'

/** An object with the fields of the plugin. Every one of them is optional there. */
export const isStatblock = (value: unknown): value is Fields =>
  isFields(value) &&
  textOf(value.name ?? value.monster ?? value.creature) !== '' &&
  ['ac', 'hp', 'stats', 'hit_dice', 'traits', 'actions', 'monster', 'creature'].some((key) => key in value)

/** The name of the creature whose figures it takes over. */
export const baseOf = (value: Fields): string => {
  const [extended = ''] = namesOf(value.extends)
  return textOf(value.monster ?? value.creature) || extended
}

/** Without the fields of the base, the stat block has them from it. */
export const withBase = (value: Fields, base: Fields): Fields => {
  const { monster: _monster, creature: _creature, extends: _extends, ...own } = value
  const given = Object.entries(own).filter(([, field]) => field !== null && field !== undefined && field !== '')
  return { ...base, ...Object.fromEntries(given) }
}

/** A stat block of ours with the fields of the plugin, as a base. The parts that the plugin has as sentences stand whole behind `OWN`. */
export const statblockOf = (block: StatBlock): Fields => ({
  name: block.name,
  size: block.size,
  type: block.type,
  subtype: block.subtype,
  alignment: block.alignment,
  ac: block.ac,
  ac_class: block.acNote,
  hp: block.hp,
  hit_dice: block.hitDice,
  modifier: block.initiative,
  cr: block.cr,
  stats: ABILITIES.map((ability) => block.abilities[ability]),
  saves: block.saves,
  skillsaves: block.skills,
  [OWN]: block,
})
const OWN = 'tablecast'

/** The parts of the base for which the stat block has no words of its own. */
function partsOfBase(value: Fields): Partial<Draft> {
  const base = StatBlock.safeParse(value[OWN]).data
  if (!base) return {}
  const parts: [field: string, part: Partial<Draft>][] = [
    ['speed', { speed: base.speed }],
    ['senses', { senses: base.senses }],
    ['languages', { languages: base.languages }],
    ['damage_resistances', { resistances: base.resistances }],
    ['damage_immunities', { immunities: base.immunities }],
    ['damage_vulnerabilities', { vulnerabilities: base.vulnerabilities }],
    ['condition_immunities', { conditionImmunities: base.conditionImmunities }],
    ['traits', { traits: base.traits.map(({ text = '', ...trait }) => ({ ...trait, text })) }],
    ['actions', { actions: base.actions.map(asDraftAction) }],
  ]
  return Object.assign({}, ...parts.flatMap(([field, part]) => (isNothing(value[field]) ? [part] : [])))
}

const asDraftAction = ({
  kind,
  name,
  text = '',
  uses,
  recharge,
  cost,
  multiattack,
  ...figures
}: Action): DraftAction => ({
  kind,
  name,
  text,
  figures,
  limits: defined({ uses, recharge, cost, multiattack }),
})

export function draftOfStatblock(value: Fields, tell: Tell): Draft {
  const stats = listOf(value.stats)
  const abilities: Partial<Record<Ability, number>> = {}
  ABILITIES.forEach((ability, index) => {
    const score = wholeOf(stats[index] ?? valueAt(value.stats, ability))
    if (score !== undefined) abilities[ability] = score
  })
  const unread = Object.entries(value).flatMap(([key, field]) => (isRead(key) || isNothing(field) ? [] : [key]))
  if (unread.length > 0) tell(`These fields are not imported: ${startOf(unread.slice(0, 20).join(', '), 200)}.`)
  return {
    name: plain(value.name) || plain(value.monster ?? value.creature),
    source: namesOf(value.source).join(', ') || textOf(value.source),
    size: sizeOf(textOf(value.size)),
    type: plain(value.type),
    subtype: plain(value.subtype),
    alignment: plain(value.alignment),
    ac: wholeOf(value.ac),
    acNote: plain(value.ac_class) || (/\(([^()]{1,200})\)/.exec(textOf(value.ac))?.[1] ?? ''),
    hp: wholeOf(value.hp),
    hitDice: diceOf(textOf(value.hit_dice)) ?? diceOf(textOf(value.hp)),
    initiative: wholeOf(listOf(value.modifier)[0] ?? value.modifier),
    challenge: textOf(value.cr),
    speed: speedOf(value.speed),
    abilities,
    saves: savesOf(value.saves, tell),
    skills: pairsOf(value.skillsaves).flatMap(([name, given]): [string, number][] => {
      const modifier = wholeOf(given)
      if (modifier !== undefined) return [[name, modifier]]
      tell(`The skill “${startOf(name, 40)}” has no number.`)
      return []
    }),
    senses: wordsOf(value.senses),
    languages: wordsOf(value.languages),
    resistances: wordsOf(value.damage_resistances),
    immunities: wordsOf(value.damage_immunities),
    vulnerabilities: wordsOf(value.damage_vulnerabilities),
    conditionImmunities: wordsOf(value.condition_immunities),
    traits: [...textsOf(value.traits), ...spellsOf(value.spells)],
    actions: ACTION_LISTS.flatMap(([list, kind]) => textsOf(value[list]).map((one): DraftAction => ({ ...one, kind }))),
    text: proseOf(value.description ?? value.desc),
    ...partsOfBase(value),
  }
}

const ACTION_LISTS = [
  ['actions', 'action'],
  ['bonus_actions', 'bonus'],
  ['reactions', 'reaction'],
  ['legendary_actions', 'legendary'],
  ['mythic_actions', 'mythic'],
  ['lair_actions', 'lair'],
] as const

const READ: ReadonlySet<string> = new Set([
  ...'name monster creature extends source size type subtype alignment ac ac_class hp hit_dice modifier cr speed'.split(
    ' ',
  ),
  ...'stats saves skillsaves senses languages traits spells description desc damage_resistances'.split(' '),
  ...'damage_immunities damage_vulnerabilities condition_immunities'.split(' '),
  ...ACTION_LISTS.map(([list]) => list),
  OWN,
])
/** How the plugin and Obsidian draw it. */
const LOOKS =
  /^(?:layout|columns?|column_?width|column_?height|force_?columns|dice|render|statblock|export|bestiary|note|path|mtime|image|token|cssclass(?:es)?|tags?|aliases|obsidian.*|fage_stats)$/i

const isRead = (key: string): boolean => READ.has(key) || LOOKS.test(key)
const isNothing = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  value === false ||
  (Array.isArray(value) && value.length === 0)

const plain = (value: unknown): string => textOfMarkdown(textOf(value))
const wordsOf = (value: unknown): string[] => namesOf(typeof value === 'string' ? plain(value) : value).map(plain)

function speedOf(value: unknown): string[] {
  if (isFields(value)) return Object.entries(value).map(([kind, feet]) => `${kind} ${textOf(feet)}`)
  return Array.isArray(value) ? value.map(plain) : plain(value) === '' ? [] : [plain(value)]
}

/** `- dexterity: 5`, or one object with all. */
function pairsOf(value: unknown): [string, unknown][] {
  const objects = Array.isArray(value) ? value : [value]
  return objects.flatMap((one: unknown): [string, unknown][] => {
    if (isFields(one)) return 'name' in one && 'desc' in one ? [[textOf(one.name), one.desc]] : Object.entries(one)
    // “Dex +5, Con +3”
    return textOf(one)
      .split(',')
      .flatMap((text): [string, unknown][] => {
        const [, name, modifier] = /^\s*([a-z][a-z ]{1,40}?)\s*([+\u2212-]?\s?\d{1,3})/i.exec(plain(text)) ?? []
        return name === undefined ? [] : [[name, modifier?.replaceAll(' ', '')]]
      })
  })
}

function savesOf(value: unknown, tell: Tell): Partial<Record<Ability, number>> {
  const saves: Partial<Record<Ability, number>> = {}
  for (const [name, given] of pairsOf(value)) {
    const ability = abilityOf(name)
    const modifier = wholeOf(given)
    if (ability && modifier !== undefined) saves[ability] = modifier
    else if (!isNothing(given)) tell(`The save “${startOf(name, 40)}” is not understood.`)
  }
  return saves
}

/** `{ name, desc }`, `[name, desc]`, `{ Name: text }`, or a text alone. */
const textsOf = (value: unknown): DraftTrait[] =>
  (Array.isArray(value) ? value : isNothing(value) ? [] : [value]).flatMap((one: unknown): DraftTrait[] => {
    if (Array.isArray(one)) return [{ name: plain(one[0]), text: proseOf(one.slice(1)) }]
    if (!isFields(one)) return textOf(one) === '' ? [] : [{ name: '', text: plain(one) }]
    if ('name' in one || 'desc' in one) {
      const more = proseOf(
        listOf(one.traits).map((part) => `${textOf(valueAt(part, 'name'))}. ${textOf(valueAt(part, 'desc'))}`),
      )
      return [{ name: plain(one.name), text: [proseOf(one.desc), more].filter(Boolean).join('\n') }]
    }
    return Object.entries(one).map(([name, text]) => ({ name: plain(name), text: proseOf(text) }))
  })

const proseOf = (value: unknown): string =>
  textOfMarkdown(
    (Array.isArray(value) ? value : [value])
      .map((one: unknown) => (isFields(one) ? pairText(one) : textOf(one)))
      .join('\n'),
  )

const pairText = (value: Fields): string =>
  Object.entries(value)
    .map(([name, text]) => `${name}: ${textOf(text) || namesOf(text).join(', ')}`)
    .join('\n')

const spellsOf = (value: unknown): DraftTrait[] => {
  const text = proseOf(value)
  return text === '' ? [] : [{ name: 'Spellcasting', text }]
}
