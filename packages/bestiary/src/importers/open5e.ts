// Open5e: creatures of its API in version 1 and 2, and the records (`model`, `pk`, `fields`) of its data files.
import type { Action } from '../stat-block.ts'
import type { DraftAction, Draft } from './draft.ts'
import { type Ability, ABILITIES, diceOf, sizeOf, SPEEDS, type Tell } from './figures-in-text.ts'
import { defined, type Fields, isFields, listOf, namesOf, numberOf, textOf, valueAt, wholeOf } from './loose-values.ts'

const LONG: Readonly<Record<Ability, string>> = {
  str: 'strength',
  dex: 'dexterity',
  con: 'constitution',
  int: 'intelligence',
  wis: 'wisdom',
  cha: 'charisma',
}

export const isOpen5eV1 = (value: unknown): value is Fields =>
  isFields(value) && 'hit_points' in value && 'strength' in value && !('index' in value)

export const isOpen5eV2 = (value: unknown): value is Fields =>
  isFields(value) && 'hit_points' in value && ('ability_scores' in value || 'ability_score_strength' in value)

const CREATURE_MODEL = /^api(?:_v2)?\.(?:creature|monster)$/i

/** A creature's record of a data file. */
const isOpen5eRecord = (value: unknown): value is Fields =>
  isFields(value) && typeof value.model === 'string' && CREATURE_MODEL.test(value.model) && isFields(value.fields)

/** A record that belongs to a creature, or to nothing that is imported. */
export const isOpen5ePart = (value: unknown): value is Fields =>
  isFields(value) && typeof value.model === 'string' && /^api(?:_v2)?\./i.test(value.model) && isFields(value.fields)

/** The creatures of records, each with the actions and traits that are records of their own in the same file. */
export function creaturesOfRecords(records: readonly unknown[]): Fields[] {
  const parts = new Map<string, { actions: Fields[]; traits: Fields[] }>()
  const attacks = new Map<string, Fields[]>()
  for (const record of records) {
    if (!isOpen5ePart(record) || !isFields(record.fields)) continue
    const parent = textOf(record.fields.parent)
    const model = textOf(record.model).toLowerCase()
    if (model === 'api_v2.creatureactionattack') {
      attacks.set(parent, [...(attacks.get(parent) ?? []), record.fields])
      continue
    }
    const list = model === 'api_v2.creatureaction' ? 'actions' : model === 'api_v2.creaturetrait' ? 'traits' : null
    if (!list) continue
    const of = parts.get(parent) ?? { actions: [], traits: [] }
    of[list].push({ ...record.fields, pk: record.pk })
    parts.set(parent, of)
  }
  return records.flatMap((record): Fields[] => {
    if (!isOpen5eRecord(record) || !isFields(record.fields)) return []
    const own = parts.get(textOf(record.pk))
    const actions = own?.actions.map((action) => ({ ...action, attacks: attacks.get(textOf(action.pk)) ?? [] }))
    return [{ ...defined({ actions, traits: own?.traits }), ...record.fields }]
  })
}

/** Version 1: one object with texts. */
export function draftOfV1(value: Fields, tell: Tell): Draft {
  return {
    ...headingOf(value),
    source: textOf(value.document__title),
    type: textOf(value.type),
    subtype: textOf(value.subtype),
    acNote: textOf(value.armor_desc),
    challenge: textOf(value.challenge_rating) || textOf(value.cr),
    speed: speedOfFields(isFields(value.speed) ? value.speed : valueAt(value, 'speed_json'), textOf(value.speed)),
    abilities: scores((ability) => value[LONG[ability]]),
    saves: scores((ability) => value[`${LONG[ability]}_save`]),
    skills: skillsOf(value.skills, tell),
    senses: namesOf(value.senses),
    languages: namesOf(value.languages),
    resistances: namesOf(value.damage_resistances),
    immunities: namesOf(value.damage_immunities),
    vulnerabilities: namesOf(value.damage_vulnerabilities),
    conditionImmunities: namesOf(value.condition_immunities),
    traits: textsOf(value.special_abilities),
    actions: ACTION_LISTS.flatMap(([list, kind]) => textsOf(value[list]).map((one) => ({ ...one, kind }))),
    text: textOf(value.desc),
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

/** Version 2: nested in an answer of the API, flat in a record of a data file. */
export function draftOfV2(value: Fields, tell: Tell): Draft {
  const defences = valueAt(value, 'resistances_and_immunities') ?? value
  const senses = ['darkvision', 'blindsight', 'tremorsense', 'truesight', 'telepathy'].flatMap((sense) => {
    const feet = wholeOf(value[`${sense}_range`])
    return feet === undefined || feet === 0 || sense === 'telepathy' ? [] : [`${sense} ${feet} ft.`]
  })
  const passive = wholeOf(value.passive_perception)
  return {
    ...headingOf(value),
    source: textOf(valueAt(value, 'document', 'name') ?? value.document),
    type: textOf(valueAt(value, 'type', 'name') ?? value.type).toLowerCase(),
    subtype: textOf(value.subcategory),
    acNote: textOf(value.armor_detail),
    initiative: wholeOf(value.initiative_bonus),
    challenge: textOf(value.challenge_rating_text ?? value.challenge_rating_decimal ?? value.challenge_rating),
    xp: wholeOf(value.experience_points ?? value.experience_points_integer),
    proficiency: wholeOf(value.proficiency_bonus),
    speed: speedOfFields(value.speed ?? value, ''),
    abilities: scores(
      (ability) => valueAt(value, 'ability_scores', LONG[ability]) ?? value[`ability_score_${LONG[ability]}`],
    ),
    saves: scores(
      (ability) => valueAt(value, 'saving_throws', LONG[ability]) ?? value[`saving_throw_${LONG[ability]}`],
    ),
    skills: skillsOf(value.skill_bonuses ?? skillsOfRecord(value), tell),
    senses: passive === undefined ? senses : [...senses, `passive Perception ${passive}`],
    languages: namesOf(textOf(valueAt(value, 'languages', 'as_string') ?? value.languages_desc) || value.languages),
    resistances: namesShown(defences, 'damage_resistances'),
    immunities: namesShown(defences, 'damage_immunities'),
    vulnerabilities: namesShown(defences, 'damage_vulnerabilities'),
    conditionImmunities: namesShown(defences, 'condition_immunities'),
    traits: textsOf(value.traits),
    actions: listOf(value.actions)
      .filter(isFields)
      .map(actionOf)
      .toSorted((a, b) => a.order - b.order),
  }
}

const headingOf = (value: Fields) => ({
  name: textOf(value.name),
  size: sizeOf(textOf(valueAt(value, 'size', 'name') ?? value.size)),
  alignment: textOf(value.alignment),
  ac: wholeOf(value.armor_class),
  hp: wholeOf(value.hit_points),
  hitDice: diceOf(textOf(value.hit_dice)),
})

function scores(scoreOf: (ability: Ability) => unknown): Partial<Record<Ability, number>> {
  const found: Partial<Record<Ability, number>> = {}
  for (const ability of ABILITIES) {
    const score = wholeOf(scoreOf(ability))
    if (score !== undefined) found[ability] = score
  }
  return found
}

function speedOfFields(value: unknown, text: string): Draft['speed'] {
  if (!isFields(value)) return text === '' ? undefined : [text]
  const speed: NonNullable<Draft['speed']> = {}
  for (const kind of SPEEDS) {
    const feet = wholeOf(value[kind])
    if (feet !== undefined && feet > 0) Object.assign(speed, { [kind]: feet })
  }
  if (value.hover === true) Object.assign(speed, { hover: true })
  return speed
}

function skillsOf(value: unknown, tell: Tell): [string, number][] {
  if (!isFields(value)) return []
  return Object.entries(value).flatMap(([name, given]): [string, number][] => {
    const modifier = wholeOf(given)
    if (modifier !== undefined) return [[name.replaceAll('_', ' '), modifier]]
    tell(`The skill “${name.slice(0, 40)}” has no number.`)
    return []
  })
}

const skillsOfRecord = (value: Fields): Fields =>
  Object.fromEntries(
    Object.entries(value).flatMap(([name, modifier]) =>
      name.startsWith('skill_bonus_') && modifier !== null ? [[name.slice('skill_bonus_'.length), modifier]] : [],
    ),
  )

/** The text that the page of Open5e shows says more than the list: “slashing from nonmagical attacks”. */
const namesShown = (value: unknown, list: string): string[] =>
  namesOf(textOf(valueAt(value, `${list}_display`)) || valueAt(value, list))

const textsOf = (value: unknown): { name: string; text: string }[] =>
  listOf(value).map((one) => ({ name: textOf(valueAt(one, 'name')), text: textOf(valueAt(one, 'desc')) }))

const KINDS: Readonly<Record<string, Action['kind']>> = {
  ACTION: 'action',
  BONUS_ACTION: 'bonus',
  REACTION: 'reaction',
  LEGENDARY_ACTION: 'legendary',
  LAIR_ACTION: 'lair',
  MYTHIC_ACTION: 'mythic',
}

/** The figures of its attacks are often those of another damage type, so a text with figures goes first. */
function actionOf(value: Fields): DraftAction & { order: number } {
  const kind = KINDS[textOf(value.action_type)] ?? 'action'
  const [attack] = listOf(value.attacks)
  const cost = wholeOf(value.legendary_action_cost ?? value.legendary_cost)
  const limits = valueAt(value, 'usage_limits')
  const type = textOf(valueAt(limits, 'type') ?? value.uses_type).toUpperCase()
  const param = wholeOf(valueAt(limits, 'param') ?? value.uses_param)
  return {
    kind,
    name: textOf(value.name),
    text: textOf(value.desc),
    order: numberOf(value.order_in_statblock ?? value.order) ?? 0,
    figures: defined({
      toHit: wholeOf(valueAt(attack, 'to_hit_mod')),
      reach: positive(valueAt(attack, 'reach') ?? valueAt(attack, 'reach_ft')),
      range: positive(valueAt(attack, 'range') ?? valueAt(attack, 'range_ft')),
      longRange: positive(valueAt(attack, 'long_range') ?? valueAt(attack, 'long_range_ft')),
    }),
    limits: defined({
      cost: kind === 'legendary' && cost !== undefined && cost > 1 ? cost : undefined,
      recharge: type === 'RECHARGE_ON_ROLL' && param !== undefined && param >= 2 && param <= 6 ? param : undefined,
      uses: type === 'PER_DAY' && param !== undefined && param > 0 ? param : undefined,
    }),
  }
}

function positive(value: unknown): number | undefined {
  const feet = wholeOf(value)
  return feet !== undefined && feet > 0 ? feet : undefined
}
