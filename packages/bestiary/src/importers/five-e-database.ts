// The monsters of 5e-database, which the D&D 5e API serves, of 2014 and 2024.
import type { Action, DamagePart, Trait } from '../stat-block.ts'
import type { Draft, DraftAction, DraftTrait } from './draft.ts'
import { type Ability, ABILITIES, abilityOf, diceOf, SENSES, sizeOf, type Tell } from './figures-in-text.ts'
import { defined, type Fields, isFields, listOf, namesOf, textOf, valueAt, wholeOf } from './loose-values.ts'

export const isFiveEDatabase = (value: unknown): value is Fields =>
  isFields(value) && typeof value.index === 'string' && 'hit_points' in value && 'armor_class' in value

const LONG = {
  str: 'strength',
  dex: 'dexterity',
  con: 'constitution',
  int: 'intelligence',
  wis: 'wisdom',
  cha: 'charisma',
}

export function draftOfFiveE(value: Fields, tell: Tell): Draft {
  const abilities: Partial<Record<Ability, number>> = {}
  for (const ability of ABILITIES) {
    const score = wholeOf(value[LONG[ability]])
    if (score !== undefined) abilities[ability] = score
  }
  return {
    name: textOf(value.name),
    size: sizeOf(textOf(value.size)),
    type: textOf(value.type),
    subtype: textOf(value.subtype),
    alignment: textOf(value.alignment),
    ...armourOf(value.armor_class),
    hp: wholeOf(value.hit_points),
    hitDice: diceOf(textOf(value.hit_points_roll) || textOf(value.hit_dice)),
    challenge: textOf(value.challenge_rating),
    xp: wholeOf(value.xp),
    proficiency: wholeOf(value.proficiency_bonus),
    speed: speedsOf(value.speed),
    abilities,
    ...proficienciesOf(value, tell),
    senses: sensesIn(value.senses),
    languages: namesOf(value.languages),
    resistances: namesOf(value.damage_resistances),
    immunities: namesOf(value.damage_immunities),
    vulnerabilities: namesOf(value.damage_vulnerabilities),
    conditionImmunities: namesOf(value.condition_immunities),
    traits: listOf(value.special_abilities).filter(isFields).map(traitOf),
    actions: ACTION_LISTS.flatMap(([list, kind]) =>
      listOf(value[list])
        .filter(isFields)
        .map((one) => actionOf(one, kind)),
    ),
    text: Array.isArray(value.desc) ? value.desc.map(textOf).join('\n') : textOf(value.desc),
  }
}

const ACTION_LISTS = [
  ['actions', 'action'],
  ['bonus_actions', 'bonus'],
  ['reactions', 'reaction'],
  ['legendary_actions', 'legendary'],
] as const

/** A number in early versions, now a list with one entry for each way to compute it. */
function armourOf(value: unknown): Pick<Draft, 'ac' | 'acNote'> {
  if (!Array.isArray(value)) return { ac: wholeOf(value) }
  const [first] = value
  const note = textOf(valueAt(first, 'desc')) || namesOf(valueAt(first, 'armor')).join(', ')
  const type = textOf(valueAt(first, 'type'))
  return { ac: wholeOf(valueAt(first, 'value')), acNote: note || (type === 'natural' ? 'natural armor' : '') }
}

/** `hover` may be a word or a truth. */
const speedsOf = (value: unknown): string[] =>
  isFields(value)
    ? Object.entries(value).flatMap(([kind, feet]) => {
        if (kind === 'hover') return []
        const isHover = kind === 'fly' && (value.hover === true || value.hover === 'true')
        return [`${kind} ${textOf(feet)}${isHover ? ' (hover)' : ''}`]
      })
    : textOf(value) === ''
      ? []
      : [textOf(value)]

function proficienciesOf(value: Fields, tell: Tell): Pick<Draft, 'saves' | 'skills'> {
  const saves: Partial<Record<Ability, number>> = {}
  const skills: [string, number][] = []
  for (const one of listOf(value.proficiencies)) {
    const name = textOf(valueAt(one, 'proficiency', 'name') ?? valueAt(one, 'name'))
    const modifier = wholeOf(valueAt(one, 'value'))
    const [, kind = '', of = ''] = /^(saving throw|skill):\s*(.+)$/i.exec(name) ?? []
    const ability = abilityOf(of)
    if (modifier !== undefined && kind.toLowerCase() === 'skill') skills.push([of, modifier])
    else if (modifier !== undefined && ability && kind !== '') saves[ability] = modifier
    else tell(`The proficiency “${name.slice(0, 40)}” is not understood.`)
  }
  return { saves, skills }
}

function sensesIn(value: unknown): string[] {
  if (!isFields(value)) return textOf(value) === '' ? [] : [textOf(value)]
  return Object.entries(value).map(([sense, given]) =>
    SENSES.some((known) => known === sense) || sense !== 'passive_perception'
      ? `${sense.replaceAll('_', ' ')} ${textOf(given)}`
      : `passive Perception ${textOf(given)}`,
  )
}

function traitOf(value: Fields): DraftTrait {
  const name = textOf(value.name)
  const spellcasting = spellcastingOf(value.spellcasting)
  return {
    name,
    text: textOf(value.desc),
    uses: usesOf(value.usage).uses,
    ...(spellcasting ? { spellcasting } : {}),
  }
}

function actionOf(value: Fields, kind: Action['kind']): DraftAction {
  const ability = abilityOf(textOf(valueAt(value, 'dc', 'dc_type', 'index') ?? valueAt(value, 'dc', 'dc_type', 'name')))
  const dc = wholeOf(valueAt(value, 'dc', 'dc_value'))
  const toHit = wholeOf(value.attack_bonus)
  const damage = listOf(value.damage).flatMap((one) => damageOf(one, toHit !== undefined && toHit !== 0))
  const parts = listOf(value.actions).flatMap((one) => {
    const name = textOf(valueAt(one, 'action_name'))
    const times = wholeOf(valueAt(one, 'count')) ?? textOf(valueAt(one, 'count'))
    return name === '' || times === '' || times === 0 ? [] : [{ name: name.slice(0, 120), times }]
  })
  return {
    kind,
    name: textOf(value.name),
    text: textOf(value.desc),
    figures: defined({
      // A legendary action without an attack roll has the bonus 0.
      toHit: toHit === 0 ? undefined : toHit,
      damage: damage.length > 0 ? damage : undefined,
      save:
        ability && dc !== undefined && dc > 0
          ? { ability, dc, ...(valueAt(value, 'dc', 'success_type') === 'half' ? { half: true } : {}) }
          : undefined,
    }),
    limits: defined({ ...usesOf(value.usage), multiattack: parts.length > 0 ? parts.slice(0, 20) : undefined }),
  }
}

/** A choice between damages becomes its alternatives. */
function damageOf(value: unknown, isAttack: boolean): DamagePart[] {
  const options = listOf(valueAt(value, 'from', 'options'))
  if (options.length > 0)
    return options.flatMap((one, index) =>
      damageOf(one, isAttack).map((part) => (index === 0 ? part : { ...part, or: true })),
    )
  const dice = diceOf(textOf(valueAt(value, 'damage_dice')))
  const flat = wholeOf(valueAt(value, 'damage_dice'))
  const type = textOf(valueAt(value, 'damage_type', 'name')).toLowerCase()
  const amount = dice !== undefined ? { dice } : flat !== undefined && flat > 0 ? { flat } : null
  if (!amount) return []
  return [{ ...amount, ...(type === '' ? {} : { type }), ...(isAttack ? {} : { when: 'failed save' as const }) }]
}

function usesOf(usage: unknown): Pick<Action, 'uses' | 'recharge'> {
  const type = textOf(valueAt(usage, 'type')).toLowerCase()
  const times = wholeOf(valueAt(usage, 'times'))
  const lowest = wholeOf(valueAt(usage, 'min_value'))
  if (type === 'recharge on roll' && lowest !== undefined && lowest >= 2 && lowest <= 6) return { recharge: lowest }
  return times !== undefined && times > 0 && times < 100 ? { uses: times } : {}
}

function spellcastingOf(value: unknown): Trait['spellcasting'] | undefined {
  const ability = abilityOf(textOf(valueAt(value, 'ability', 'index') ?? valueAt(value, 'ability', 'name')))
  if (!ability) return undefined
  const slots = valueAt(value, 'slots')
  const spells = listOf(valueAt(value, 'spells')).flatMap((one) => {
    const name = textOf(valueAt(one, 'name'))
    const uses = wholeOf(valueAt(one, 'usage', 'times'))
    return name === '' ? [] : [defined({ name: name.slice(0, 120), level: wholeOf(valueAt(one, 'level')), uses })]
  })
  return defined({
    ability,
    dc: wholeOf(valueAt(value, 'dc')),
    toHit: wholeOf(valueAt(value, 'modifier')),
    level: wholeOf(valueAt(value, 'level')),
    slots: isFields(slots)
      ? Object.fromEntries(
          Object.entries(slots).flatMap(([level, count]) => {
            const most = wholeOf(count)
            return /^[1-9]$/.test(level) && most !== undefined ? [[level, most]] : []
          }),
        )
      : undefined,
    spells: spells.length > 0 ? spells.slice(0, 200) : undefined,
  })
}
