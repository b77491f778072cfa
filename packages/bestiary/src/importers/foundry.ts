// Actors of Foundry VTT with the system dnd5e, from its first versions (`data`) to those with activities (`system`).
import { startOf } from '@tablecast/text'
import { textOfHtml } from './clean-text.ts'
import type { Draft } from './draft.ts'
import { type Ability, ABILITIES, abilityOf, diceOf, SENSES, sizeOf, SPEEDS, type Tell } from './figures-in-text.ts'
import { type ActorFigures, figuresOf, levelOf } from './foundry-figures.ts'
import { armourOfItems, itemsOf } from './foundry-items.ts'
import type { ImportResult } from './imported.ts'
import { type Fields, isFields, listOf, numberOf, textOf, valueAt, valuesOf, wholeOf } from './loose-values.ts'

const ACTOR_TYPES: readonly string[] = ['npc', 'character', 'vehicle', 'group', 'encounter', 'base']

/** An actor, also one of a kind that is not imported. */
export const isFoundryActor = (value: unknown): value is Fields =>
  isFields(value) &&
  typeof value.type === 'string' &&
  ACTOR_TYPES.includes(value.type) &&
  isFields(value.system ?? value.data) &&
  ('items' in value || 'prototypeToken' in value || 'token' in value || '_stats' in value)

/** A folder, an item or another document of Foundry VTT. */
export const isFoundryOther = (value: unknown): value is Fields =>
  isFields(value) && typeof value.name === 'string' && ('_stats' in value || '_key' in value || 'ownership' in value)

export function readFoundryActor(value: Fields, label: string, result: ImportResult): void {
  const system = value.system ?? value.data
  if (value.type === 'vehicle' || value.type === 'group' || value.type === 'encounter' || value.type === 'base')
    return result.addLost(label, 'Vehicles and groups are not imported.')
  if (!isFields(valueAt(system, 'abilities')) && !isFields(valueAt(system, 'attributes')))
    return result.addLost(label, 'It belongs to another game system than the fifth edition.')
  if (value.type === 'npc') {
    result.addCreature(label, (tell) => draftOfActor(value, tell))
    return
  }
  result.addCharacter(label, {
    level: levelOf(value) || null,
    currentHp: wholeOf(valueAt(system, 'attributes', 'hp', 'value')),
    draft: (tell) => draftOfActor(value, tell),
  })
}

function draftOfActor(actor: Fields, tell: Tell): Draft {
  const system = actor.system ?? actor.data
  const at = (...keys: string[]) => valueAt(system, ...keys)
  const isCharacter = actor.type === 'character'
  const figures = figuresOf(actor)
  const { traits, actions } = itemsOf(listOf(actor.items), figures, tell)
  return {
    name: textOf(actor.name),
    source: textOf(at('source', 'book') ?? at('details', 'source', 'book')) || textOf(at('details', 'source')),
    size: sizeOf(textOf(at('traits', 'size'))),
    ...typeIn(actor),
    alignment: textOf(at('details', 'alignment')),
    ac: armourOf(actor, figures),
    ...hitPointsOf(actor, figures, tell),
    initiative: initiativeOf(system, figures),
    challenge: isCharacter ? '' : textOf(at('details', 'cr')),
    proficiency: figures.proficiency,
    speed: speedIn(system),
    abilities: figures.scores,
    saves: savesOf(system, figures),
    skills: skillsOf(system, figures),
    senses: sensesIn(system, figures),
    languages: [...named(at('traits', 'languages')), ...telepathyOf(system)],
    resistances: named(at('traits', 'dr')),
    immunities: named(at('traits', 'di')),
    vulnerabilities: named(at('traits', 'dv')),
    conditionImmunities: named(at('traits', 'ci')),
    traits,
    actions,
    text: textOfHtml(textOf(at('details', 'biography', 'value'))),
  }
}

function typeIn(actor: Fields): Pick<Draft, 'type' | 'subtype'> {
  if (actor.type === 'character') {
    const items = listOf(actor.items)
    const of = (type: string) =>
      items.filter((item) => valueAt(item, 'type') === type).map((item) => textOf(valueAt(item, 'name')))
    return { type: [...of('race'), ...of('class')].filter(Boolean).join(' ') }
  }
  const type = valueAt(actor.system ?? actor.data, 'details', 'type')
  if (!isFields(type)) return { type: textOf(type) }
  const value = textOf(type.value)
  return { type: value === 'custom' || value === '' ? textOf(type.custom) : value, subtype: textOf(type.subtype) }
}

function hitPointsOf(actor: Fields, figures: ActorFigures, tell: Tell): Pick<Draft, 'hp' | 'hitDice'> {
  const system = actor.system ?? actor.data
  const hp = valueAt(system, 'attributes', 'hp')
  const hitDice = diceOf(textOf(valueAt(hp, 'formula')))
  const max = wholeOf(valueAt(hp, 'max'))
  if (max !== undefined) return { hp: max, hitDice }
  const byLevels = hitPointsOfLevels(actor, figures)
  if (byLevels !== undefined) return { hp: byLevels, hitDice }
  const current = wholeOf(valueAt(hp, 'value'))
  if (current !== undefined && hitDice === undefined)
    tell('The file has no maximum of hit points: those that it has left are used.')
  return { hp: hitDice === undefined ? current : undefined, hitDice }
}

/** Foundry VTT keeps the roll of each level, and adds Constitution itself. */
function hitPointsOfLevels(actor: Fields, figures: ActorFigures): number | undefined {
  let sum = 0
  let levels = 0
  for (const item of listOf(actor.items)) {
    if (valueAt(item, 'type') !== 'class') continue
    const system = valueAt(item, 'system') ?? valueAt(item, 'data')
    const sides =
      wholeOf(textOf(valueAt(system, 'hd', 'denomination') ?? valueAt(system, 'hitDice')).replace(/^d/i, '')) ?? 8
    const advancement = valuesOf(valueAt(system, 'advancement')).find((one) => valueAt(one, 'type') === 'HitPoints')
    const rolls = valueAt(advancement, 'value')
    if (!isFields(rolls)) continue
    for (const roll of Object.values(rolls)) {
      levels++
      sum += roll === 'max' ? sides : roll === 'avg' ? Math.floor(sides / 2) + 1 : (wholeOf(roll) ?? 0)
    }
  }
  return levels > 0 ? sum + levels * figures.modifier('con') : undefined
}

function armourOf(actor: Fields, { modifier }: ActorFigures): number | undefined {
  const ac = valueAt(actor.system ?? actor.data, 'attributes', 'ac')
  const calc = textOf(valueAt(ac, 'calc'))
  const flat = wholeOf(valueAt(ac, 'flat'))
  const dex = modifier('dex')
  if ((calc === 'natural' || calc === 'flat' || calc === '') && flat !== undefined) return flat
  // Before version 1.4 of the system, the armour class stands in the file as a number.
  const value = wholeOf(valueAt(ac, 'value')) ?? wholeOf(ac)
  if (calc === '' && value !== undefined) return value
  const { worn, shield } = armourOfItems(listOf(actor.items), dex)
  if (calc === 'mage' || calc === 'draconic') return 13 + dex + shield
  if (calc === 'unarmoredMonk') return 10 + dex + modifier('wis') + shield
  if (calc === 'unarmoredBarb') return 10 + dex + modifier('con') + shield
  if (calc === 'unarmoredBard') return 10 + dex + modifier('cha') + shield
  return worn + shield
}

function initiativeOf(system: unknown, { modifier, proficiency }: ActorFigures): number {
  const init = valueAt(system, 'attributes', 'init')
  const ability = abilityOf(textOf(valueAt(init, 'ability'))) ?? 'dex'
  const bonus = textOf(valueAt(init, 'bonus') ?? valueAt(init, 'value'))
  return modifier(ability) + (/^\s*@prof\s*$/.test(bonus) ? proficiency : (wholeOf(bonus) ?? 0))
}

/** Five feet are one and a half metres. */
const inFeet = (value: number, units: unknown): number =>
  textOf(units) === 'm'
    ? Math.round(value / 1.5) * 5
    : textOf(units) === 'km'
      ? Math.round(value * 3_280)
      : Math.trunc(value)

function speedIn(system: unknown): Draft['speed'] {
  const movement = valueAt(system, 'attributes', 'movement')
  if (!isFields(movement)) {
    const words = [valueAt(system, 'attributes', 'speed', 'value'), valueAt(system, 'attributes', 'speed', 'special')]
    const texts = words.map(textOf).filter(Boolean)
    return texts.length > 0 ? texts : undefined
  }
  const speed: NonNullable<Draft['speed']> = {}
  for (const kind of SPEEDS) {
    const value = numberOf(valueAt(movement, 'speeds', kind) ?? movement[kind])
    if (value !== undefined && value > 0) Object.assign(speed, { [kind]: inFeet(value, movement.units) })
  }
  if (movement.hover === true) Object.assign(speed, { hover: true })
  return Object.keys(speed).length > 0 ? speed : undefined
}

function sensesIn(system: unknown, figures: ActorFigures): Draft['senses'] {
  const senses = valueAt(system, 'attributes', 'senses')
  if (!isFields(senses)) {
    const text = textOf(valueAt(system, 'traits', 'senses'))
    return text === '' ? undefined : [text]
  }
  const found: NonNullable<Draft['senses']> = {}
  for (const sense of SENSES) {
    const value = numberOf(valueAt(senses, 'ranges', sense) ?? senses[sense])
    if (value !== undefined && value > 0) Object.assign(found, { [sense]: inFeet(value, senses.units) })
  }
  const special = startOf(textOf(senses.special), 200)
  if (special !== '') Object.assign(found, { other: [special] })
  const perception = skillsOf(system, figures).find(([name]) => name === 'perception')?.[1] ?? figures.modifier('wis')
  return { ...found, passivePerception: Math.max(0, 10 + perception) }
}

function savesOf(system: unknown, { scores, modifier, proficiency }: ActorFigures): Draft['saves'] {
  const saves: NonNullable<Draft['saves']> = {}
  for (const ability of ABILITIES) {
    const share = numberOf(valueAt(system, 'abilities', ability, 'proficient')) ?? 0
    if (share <= 0 || scores[ability] === undefined) continue
    const bonus = wholeOf(valueAt(system, 'abilities', ability, 'bonuses', 'save')) ?? 0
    saves[ability] = modifier(ability) + Math.floor(share * proficiency) + bonus
  }
  return saves
}

/** By the short name of a skill: the ability that the skill goes by, and its English name. */
const SKILLS: Readonly<Record<string, readonly [Ability, string]>> = {
  acr: ['dex', 'acrobatics'],
  ani: ['wis', 'animal handling'],
  arc: ['int', 'arcana'],
  ath: ['str', 'athletics'],
  dec: ['cha', 'deception'],
  his: ['int', 'history'],
  ins: ['wis', 'insight'],
  itm: ['cha', 'intimidation'],
  inv: ['int', 'investigation'],
  med: ['wis', 'medicine'],
  nat: ['int', 'nature'],
  prc: ['wis', 'perception'],
  prf: ['cha', 'performance'],
  per: ['cha', 'persuasion'],
  rel: ['int', 'religion'],
  slt: ['dex', 'sleight of hand'],
  ste: ['dex', 'stealth'],
  sur: ['wis', 'survival'],
}

function skillsOf(system: unknown, { modifier, proficiency }: ActorFigures): [string, number][] {
  const skills = valueAt(system, 'skills')
  if (!isFields(skills)) return []
  return Object.entries(skills).flatMap(([short, skill]): [string, number][] => {
    const known = Object.hasOwn(SKILLS, short) ? SKILLS[short] : undefined
    const share = numberOf(valueAt(skill, 'value')) ?? 0
    if (!known || share <= 0) return []
    const ability = abilityOf(textOf(valueAt(skill, 'ability'))) ?? known[0]
    const bonus = wholeOf(valueAt(skill, 'bonuses', 'check')) ?? 0
    return [[known[1], modifier(ability) + Math.floor(share * proficiency) + bonus]]
  })
}

/** `{ value: ['fire'], custom: 'from nonmagical attacks; cold' }` */
const named = (trait: unknown): string[] =>
  [
    ...listOf(valueAt(trait, 'value')).map(textOf),
    ...textOf(valueAt(trait, 'custom'))
      .split(';')
      .map((one) => one.trim()),
  ].filter(Boolean)

function telepathyOf(system: unknown): string[] {
  const feet = wholeOf(valueAt(system, 'traits', 'languages', 'communication', 'telepathy', 'value'))
  return feet === undefined || feet === 0 ? [] : [`telepathy ${feet} ft.`]
}
