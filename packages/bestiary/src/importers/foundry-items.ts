// The items of an actor of Foundry VTT: attacks and features become actions and traits, and spells one trait.
import { startOf } from '@tablecast/text'
import type { Action, DamagePart } from '../stat-block.ts'
import { textOfHtml } from './clean-text.ts'
import type { DraftAction, DraftTrait } from './draft.ts'
import { type Ability, abilityOf, diceOf, type Tell } from './figures-in-text.ts'
import type { ActorFigures } from './foundry-figures.ts'
import { defined, listOf, textOf, valueAt, valuesOf, wholeOf } from './loose-values.ts'

/** They say where figures come from that the actor has already. */
const ABOUT_THE_ACTOR: readonly string[] = ['class', 'subclass', 'race', 'background']

export function itemsOf(
  items: readonly unknown[],
  figures: ActorFigures,
  tell: Tell,
): { traits: DraftTrait[]; actions: DraftAction[] } {
  const traits: DraftTrait[] = []
  const actions: DraftAction[] = []
  const spells: Spell[] = []
  const equipment: string[] = []
  for (const item of items) {
    const type = textOf(valueAt(item, 'type'))
    if (ABOUT_THE_ACTOR.includes(type)) continue
    const name = textOf(valueAt(item, 'name'))
    const kind = kindOf(item)
    if (type === 'spell') spells.push(spellOf(item))
    else if (type === 'weapon') actions.push(actionOf(item, kind ?? 'action', figures))
    else if (type !== 'feat' && type !== 'monsterfeature') equipment.push(name)
    else if (kind) actions.push(actionOf(item, kind, figures))
    else traits.push({ name, text: descriptionOf(item), ...limitOf(item) })
  }
  if (equipment.length > 0)
    tell(
      `Equipment is not imported: ${startOf(equipment.filter(Boolean).slice(0, 20).join(', '), 300)}${equipment.length > 20 ? ' and more' : ''}.`,
    )
  if (spells.length > 0) traits.push(spellTrait(spells, figures))
  return { traits, actions }
}

/** Armour that is worn, with Dexterity; without any, 10 and Dexterity. */
export function armourOfItems(items: readonly unknown[], dex: number): { worn: number; shield: number } {
  let worn: number | undefined
  let shield = 0
  for (const item of items) {
    const system = systemOf(item)
    if (valueAt(item, 'type') !== 'equipment' || valueAt(system, 'equipped') !== true) continue
    const type = textOf(valueAt(system, 'type', 'value') ?? valueAt(system, 'armor', 'type'))
    const value = wholeOf(valueAt(system, 'armor', 'value'))
    if (value === undefined) continue
    const bonus = wholeOf(valueAt(system, 'armor', 'magicalBonus')) ?? 0
    const most = wholeOf(valueAt(system, 'armor', 'dex')) ?? Number.POSITIVE_INFINITY
    if (type === 'shield') shield = Math.max(shield, value + bonus)
    else if (type === 'light' || type === 'medium' || type === 'heavy' || type === 'natural') {
      const limit = type === 'heavy' ? 0 : type === 'medium' ? Math.min(most, 2) : most
      worn = Math.max(worn ?? 0, value + bonus + Math.min(dex, limit))
    }
  }
  return { worn: worn ?? 10 + dex, shield }
}

const systemOf = (item: unknown): unknown => valueAt(item, 'system') ?? valueAt(item, 'data')
const activitiesOf = (item: unknown): readonly unknown[] => valuesOf(valueAt(systemOf(item), 'activities'))
const descriptionOf = (item: unknown): string => textOfHtml(textOf(valueAt(systemOf(item), 'description', 'value')))

const KINDS: Readonly<Record<string, Action['kind']>> = {
  action: 'action',
  bonus: 'bonus',
  reaction: 'reaction',
  reactiondamage: 'reaction',
  reactionmanual: 'reaction',
  legendary: 'legendary',
  lair: 'lair',
  mythic: 'mythic',
}

/** Undefined for a feature that is always there. */
function kindOf(item: unknown): Action['kind'] | undefined {
  const system = systemOf(item)
  const types = [
    valueAt(system, 'activation', 'type'),
    ...activitiesOf(item).map((activity) => valueAt(activity, 'activation', 'type')),
  ]
  for (const type of types) {
    const word = textOf(type)
    if (Object.hasOwn(KINDS, word)) return KINDS[word]
  }
  return /^multiattack/i.test(textOf(valueAt(item, 'name'))) ? 'action' : undefined
}

function limitOf(item: unknown): Pick<Action, 'uses' | 'recharge'> {
  const system = systemOf(item)
  for (const recovery of listOf(valueAt(system, 'uses', 'recovery'))) {
    const lowest = wholeOf(valueAt(recovery, 'formula'))
    if (valueAt(recovery, 'period') === 'recharge')
      return { recharge: lowest !== undefined && lowest >= 2 && lowest <= 6 ? lowest : 6 }
  }
  const older = wholeOf(valueAt(system, 'recharge', 'value'))
  if (older !== undefined && older >= 2 && older <= 6) return { recharge: older }
  const max = wholeOf(valueAt(system, 'uses', 'max'))
  return max !== undefined && max > 0 && max < 100 ? { uses: max } : {}
}

function actionOf(item: unknown, kind: Action['kind'], figures: ActorFigures): DraftAction {
  const cost = kind === 'legendary' ? costOf(item) : undefined
  const limits = defined({ ...limitOf(item), cost: cost !== undefined && cost > 1 && cost < 10 ? cost : undefined })
  return {
    kind,
    name: textOf(valueAt(item, 'name')),
    text: descriptionOf(item),
    figures: defined({ ...rangeOf(item), ...rollsOf(item, figures) }),
    limits,
  }
}

function costOf(item: unknown): number | undefined {
  for (const activity of activitiesOf(item))
    for (const target of listOf(valueAt(activity, 'consumption', 'targets')))
      if (textOf(valueAt(target, 'target')).includes('legact')) return wholeOf(valueAt(target, 'value'))
  return wholeOf(valueAt(systemOf(item), 'activation', 'cost'))
}

function rangeOf(item: unknown): Pick<Action, 'reach' | 'range' | 'longRange'> {
  const system = systemOf(item)
  const range = valueAt(system, 'range')
  const value = wholeOf(valueAt(range, 'value'))
  if (!isWeapon(item)) return {}
  const long = wholeOf(valueAt(range, 'long'))
  const reach = wholeOf(valueAt(range, 'reach'))
  if (isRanged(item)) return defined({ range: value, longRange: long || undefined })
  const own = reach ?? (long ? undefined : value)
  const usual = listOf(valueAt(system, 'properties')).includes('rch') ? 10 : 5
  return defined({ reach: own || usual, range: long ? value : undefined, longRange: long || undefined })
}

const isWeapon = (item: unknown): boolean => valueAt(item, 'type') === 'weapon'

function isRanged(item: unknown): boolean {
  const system = systemOf(item)
  const kind = textOf(valueAt(system, 'type', 'value') ?? valueAt(system, 'weaponType'))
  const attack = activitiesOf(item).find((activity) => valueAt(activity, 'type') === 'attack')
  const way = textOf(valueAt(attack, 'attack', 'type', 'value'))
  return (
    way === 'ranged' || (way === '' && (kind.endsWith('R') || /^r[ws]ak$/.test(textOf(valueAt(system, 'actionType')))))
  )
}

/** The attack, the damage and the save: of activities, and of the fields that items had before them. */
function rollsOf(item: unknown, figures: ActorFigures): Pick<Action, 'toHit' | 'damage' | 'save'> {
  const system = systemOf(item)
  const activities = activitiesOf(item)
  const attack = activities.find((activity) => valueAt(activity, 'type') === 'attack')
  const older = textOf(valueAt(system, 'actionType'))
  const ability = attackAbility(item, attack, figures)
  const isAttack = attack !== undefined || /^[mr][ws]ak$/.test(older)
  const saving = activities.find((activity) => valueAt(activity, 'type') === 'save')
  const save = saveOf(saving, figures) ?? olderSave(system, figures)
  const base = valueAt(system, 'damage', 'base')
  const modifier = figures.modifier(ability)
  const damage = [
    ...(attack !== undefined && isWeapon(item) ? partOf(base, modifier, figures, {}) : []),
    ...listOf(valueAt(attack, 'damage', 'parts')).flatMap((part) => partOf(part, 0, figures, {}, ability)),
    ...listOf(valueAt(saving, 'damage', 'parts')).flatMap((part) =>
      partOf(part, 0, figures, { when: 'failed save' }, ability),
    ),
    ...olderParts(system, figures, ability, isAttack),
  ]
  return defined({
    toHit: isAttack ? toHitOf(item, attack, modifier, figures) : undefined,
    damage: damage.length > 0 ? damage.slice(0, 20) : undefined,
    save,
  })
}

function attackAbility(item: unknown, attack: unknown, { modifier, spellAbility }: ActorFigures): Ability {
  const system = systemOf(item)
  const named = abilityOf(textOf(valueAt(attack, 'attack', 'ability')) || textOf(valueAt(system, 'ability')))
  if (named) return named
  if (textOf(valueAt(attack, 'attack', 'type', 'classification')) === 'spell' && spellAbility) return spellAbility
  const properties = valueAt(system, 'properties')
  const isFinesse = listOf(properties).includes('fin') || valueAt(properties, 'fin') === true
  if (isFinesse) return modifier('dex') > modifier('str') ? 'dex' : 'str'
  return isRanged(item) ? 'dex' : 'str'
}

function toHitOf(item: unknown, attack: unknown, modifier: number, { proficiency }: ActorFigures): number {
  const system = systemOf(item)
  const bonus = wholeOf(valueAt(attack, 'attack', 'bonus')) ?? wholeOf(valueAt(system, 'attackBonus')) ?? 0
  if (valueAt(attack, 'attack', 'flat') === true) return bonus
  const magic = wholeOf(valueAt(system, 'magicalBonus')) ?? 0
  const proficient = valueAt(system, 'proficient')
  const isProficient = proficient !== 0 && proficient !== false
  return modifier + (isProficient ? proficiency : 0) + bonus + magic
}

type Extra = Pick<DamagePart, 'when'>

/** `{ number: 2, denomination: 6, bonus: '@mod', types: ['fire'] }` */
function partOf(part: unknown, modifier: number, figures: ActorFigures, extra: Extra, ability?: Ability): DamagePart[] {
  const [type = ''] = listOf(valueAt(part, 'types')).map(textOf)
  const custom = valueAt(part, 'custom')
  if (valueAt(custom, 'enabled') === true)
    return damageOf(textOf(valueAt(custom, 'formula')), type, figures, ability ?? 'str', extra)
  const [number, sides] = [wholeOf(valueAt(part, 'number')), wholeOf(valueAt(part, 'denomination'))]
  const bonus = textOf(valueAt(part, 'bonus'))
  const dice = number && sides ? `${number}d${sides}` : ''
  const formula = [dice, bonus, modifier === 0 || bonus.includes('@mod') ? '' : String(modifier)]
    .filter(Boolean)
    .join(' + ')
  return damageOf(formula, type, figures, ability ?? 'str', extra)
}

/** `damage: { parts: [['2d6 + @mod', 'fire']], versatile: '2d8 + @mod' }` */
function olderParts(system: unknown, figures: ActorFigures, ability: Ability, isAttack: boolean): DamagePart[] {
  const extra: Extra = isAttack ? {} : { when: 'failed save' }
  const parts = listOf(valueAt(system, 'damage', 'parts')).flatMap((part) =>
    damageOf(textOf(listOf(part)[0]), textOf(listOf(part)[1]), figures, ability, extra),
  )
  const versatile = valueAt(system, 'damage', 'versatile')
  const [first] = parts
  if (typeof versatile !== 'string' || versatile === '' || !first || !isAttack) return parts
  const other = damageOf(versatile, first.type ?? '', figures, ability, {}).map((part) => ({ ...part, or: true }))
  return [first, ...other, ...parts.slice(1)]
}

/** A formula of one kind of dice and numbers. Others stay in the text. */
function damageOf(formula: string, type: string, figures: ActorFigures, ability: Ability, extra: Extra): DamagePart[] {
  const known = startOf(formula, 200)
    .replaceAll('@mod', String(figures.modifier(ability)))
    .replaceAll(/@prof\b/g, String(figures.proficiency))
    .replaceAll(/@abilities\.(str|dex|con|int|wis|cha)\.mod/g, (_all, name: string) =>
      String(figures.modifier(abilityOf(name) ?? 'str')),
    )
    .replaceAll(/\[[^\][]{0,60}\]/g, '')
    .replaceAll(/\s/g, '')
    .replaceAll(/\+-|-\+/g, '-')
    .replaceAll('--', '+')
  const terms = known.match(/[+-]?[^+-]{1,40}/g) ?? []
  const dice = terms.filter((term) => /^\+?\d{1,3}d\d{1,4}$/.test(term))
  const numbers = terms.filter((term) => /^[+-]?\d{1,4}$/.test(term)).map(Number)
  if (terms.length === 0 || dice.length > 1 || dice.length + numbers.length < terms.length) return []
  const bonus = numbers.reduce((sum, one) => sum + one, 0)
  const typed = type === '' || type === 'versatile' ? {} : { type: startOf(type, 60) }
  const [rolled] = dice
  if (rolled === undefined) return bonus > 0 ? [{ flat: bonus, ...typed, ...extra }] : []
  const amount = diceOf(bonus === 0 ? rolled : `${rolled}${bonus > 0 ? '+' : '-'}${Math.abs(bonus)}`)
  return amount === undefined ? [] : [{ dice: amount, ...typed, ...extra }]
}

function saveOf(activity: unknown, { modifier, proficiency, spellAbility }: ActorFigures): Action['save'] {
  const given = valueAt(activity, 'save', 'ability')
  const ability = abilityOf(textOf(Array.isArray(given) ? given[0] : given))
  if (!ability) return undefined
  const by = textOf(valueAt(activity, 'save', 'dc', 'calculation'))
  const of = by === 'spellcasting' ? spellAbility : abilityOf(by)
  const fixed = wholeOf(valueAt(activity, 'save', 'dc', 'formula'))
  const dc = by === '' || by === 'custom' ? fixed : of ? 8 + proficiency + modifier(of) : fixed
  const isHalf = valueAt(activity, 'damage', 'onSave') === 'half'
  return asSave(ability, dc, isHalf && listOf(valueAt(activity, 'damage', 'parts')).length > 0)
}

function olderSave(system: unknown, { modifier, proficiency, spellAbility }: ActorFigures): Action['save'] {
  const ability = abilityOf(textOf(valueAt(system, 'save', 'ability')))
  if (!ability) return undefined
  const scaling = textOf(valueAt(system, 'save', 'scaling'))
  const of = scaling === 'spell' ? spellAbility : abilityOf(scaling)
  const dc = wholeOf(valueAt(system, 'save', 'dc')) ?? (of ? 8 + proficiency + modifier(of) : undefined)
  return asSave(ability, dc, false)
}

const asSave = (ability: Ability, dc: number | undefined, half: boolean): Action['save'] =>
  dc === undefined || dc < 1 || dc > 99 ? undefined : { ability, dc, ...(half ? { half } : {}) }

type Spell = { name: string; level?: number; uses?: number }

function spellOf(item: unknown): Spell {
  const system = systemOf(item)
  const level = wholeOf(valueAt(system, 'level'))
  const max = wholeOf(valueAt(system, 'uses', 'max'))
  return {
    name: startOf(textOf(valueAt(item, 'name')), 120) || 'Spell',
    ...(level !== undefined && level >= 0 && level <= 9 ? { level } : {}),
    ...(max !== undefined && max > 0 && max < 100 ? { uses: max } : {}),
  }
}

function spellTrait(spells: readonly Spell[], { modifier, proficiency, spellAbility }: ActorFigures): DraftTrait {
  const text = `Spells: ${spells.map(({ name }) => name).join(', ')}.`
  if (!spellAbility) return { name: 'Spells', text }
  const bonus = proficiency + modifier(spellAbility)
  return {
    name: 'Spells',
    text,
    spellcasting: { ability: spellAbility, dc: Math.max(1, 8 + bonus), toHit: bonus, spells: spells.slice(0, 200) },
  }
}
