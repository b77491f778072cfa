// The words in which stat blocks print figures. The importers read the same words.
import { abilityNames } from '../abilities.ts'
import { averageOf, SENSES, SPEEDS } from '../importers/figures-in-text.ts'
import { tellChallenge } from '../search.ts'
import type { Action, DamagePart, StatBlock, Trait } from '../stat-block.ts'

export const challengeWords = ({ cr }: StatBlock): string => (cr === undefined ? '' : tellChallenge(cr))

/** “40 ft.”, “fly 60 ft. (hover)” */
export function speedWords({ speed = {} }: StatBlock): string[] {
  return SPEEDS.flatMap((kind) => {
    const feet = speed[kind]
    if (feet === undefined) return []
    return [`${kind === 'walk' ? '' : `${kind} `}${feet} ft.${kind === 'fly' && speed.hover ? ' (hover)' : ''}`]
  })
}

export function senseWords({ senses = {} }: StatBlock): string[] {
  const { passivePerception, other = [] } = senses
  return [
    ...SENSES.flatMap((sense) => (senses[sense] === undefined ? [] : [`${sense} ${senses[sense]} ft.`])),
    ...other,
    ...(passivePerception === undefined ? [] : [`passive Perception ${passivePerception}`]),
  ]
}

/** “Acid Breath (Recharge 5-6)” */
export function nameWords({ name, uses, ...one }: Action | Trait): string {
  const { recharge, cost } = 'kind' in one ? one : {}
  return [
    name,
    recharge === undefined ? '' : recharge === 6 ? '(Recharge 6)' : `(Recharge ${recharge}-6)`,
    uses === undefined ? '' : `(${uses}/Day)`,
    cost === undefined || cost === 1 ? '' : `(Costs ${cost} Actions)`,
  ]
    .filter(Boolean)
    .join(' ')
}

/** The text of an action. One with figures alone gets the sentences that print them. */
export function actionWords(action: Action): string {
  if (action.text !== undefined) return action.text
  const { multiattack = [], damage = [], save, area } = action
  const hit = damage.filter(({ when }) => when === undefined)
  const saved = damage.filter(({ when }) => when === 'failed save')
  const others = damage.filter(({ when }) => when !== undefined && when !== 'failed save')
  return [
    multiattack.length > 0 ? `It makes ${multiattack.map(({ name, times }) => `${times} × ${name}`).join(', ')}.` : '',
    attackWords(action),
    hit.length > 0 ? `Hit: ${damageWords(hit)}.` : '',
    others.length > 0 ? `It deals ${damageWords(others)} under a condition.` : '',
    area ? `Area: ${area.feet}-foot ${area.shape}.` : '',
    save ? saveWords(save, saved) : '',
    !save && saved.length > 0 ? `After a saving throw: ${damageWords(saved)}.` : '',
  ]
    .filter(Boolean)
    .join(' ')
}

function attackWords({ toHit, reach, range, longRange }: Action): string {
  const ways = [
    reach === undefined ? '' : `reach ${reach} ft.`,
    range === undefined ? '' : `range ${range}${longRange === undefined ? '' : `/${longRange}`} ft.`,
  ].filter(Boolean)
  if (toHit === undefined) return ways.length > 0 ? `It has ${ways.join(' or ')}` : ''
  const kind = reach !== undefined && range !== undefined ? 'Melee or Ranged' : range === undefined ? 'Melee' : 'Ranged'
  return `${kind} Weapon Attack: ${[`${signed(toHit)} to hit`, ways.join(' or ')].filter(Boolean).join(', ')}${ways.length > 0 ? '' : '.'}`
}

const saveWords = ({ ability, dc, half }: NonNullable<Action['save']>, damage: readonly DamagePart[]): string => {
  const end = half ? ' Half damage on a success.' : ''
  const dealt = damage.length > 0 ? `, or take ${damageWords(damage)}` : ''
  return `The target makes a DC ${dc} ${abilityNames[ability]} saving throw${dealt}.${end}`
}

/** “13 (2d8 + 4) bludgeoning damage plus 3 (1d6) cold damage” */
const damageWords = (parts: readonly DamagePart[]): string =>
  parts.map((part, index) => `${index === 0 ? '' : part.or ? ', or ' : ' plus '}${partWords(part)}`).join('')

function partWords({ dice, flat, type = '' }: DamagePart): string {
  const amount = dice === undefined ? String(flat) : `${averageOf(dice) ?? 0} (${dice.replace(/([+-])/, ' $1 ')})`
  return `${amount} ${type === '' ? '' : `${type} `}damage`
}

const signed = (number: number): string => (number < 0 ? String(number) : `+${number}`)

export const typeWords = ({ size, type, subtype, alignment }: StatBlock): string => {
  const kind = [size && size[0]?.toUpperCase() + size.slice(1), type].filter(Boolean).join(' ')
  return [subtype ? `${kind} (${subtype})` : kind, alignment].filter(Boolean).join(', ')
}
