// The figures in the sentences of a stat block, as the fifth edition phrases them in 2014 and 2024.
import { startOf } from '@tablecast/text'
import type { Action, DamagePart } from '../stat-block.ts'
import { abilityOf } from './figures-in-text.ts'

type Limits = Pick<Action, 'uses' | 'recharge' | 'cost'>

/** “Acid Breath (Recharge 5-6)”, “Enslave (3/day)”, “Wing Attack (Costs 2 Actions)” */
export function readName(name: string, usage: string): { name: string } & Limits {
  const limits: Limits = {}
  const read = (text: string): boolean => {
    const recharge = /^recharge\s+(\d)(?:\s*[-\u2013]\s*6)?$/i.exec(text)?.[1]
    const uses = /^(\d{1,2})\s*\/\s*day$/i.exec(text)?.[1]
    const cost = /^costs\s+(\d)\s+actions?$/i.exec(text)?.[1]
    if (recharge !== undefined && Number(recharge) >= 2 && Number(recharge) <= 6) limits.recharge = Number(recharge)
    else if (uses !== undefined && Number(uses) > 0) limits.uses = Number(uses)
    else if (cost !== undefined && Number(cost) > 0) limits.cost = Number(cost)
    else return false
    return true
  }
  read(usage.replaceAll(/[()]/g, '').trim())
  const bare = startOf(name, 500).replaceAll(/\s{0,20}\(([^()]{1,40})\)/g, (all, inner: string) =>
    read(inner.trim()) ? '' : all,
  )
  return { name: startOf(bare.trim().replace(/,$/, ''), 120) || 'Unnamed', ...limits }
}

export type ActionFigures = Pick<Action, 'toHit' | 'reach' | 'range' | 'longRange' | 'damage' | 'save' | 'area'>

export function readActionText(text: string): ActionFigures {
  const figures: ActionFigures = {}
  const toHit = /([+\u2212-]\d{1,2}) to hit/.exec(text)?.[1] ?? /\bAttack Roll: ([+\u2212-]\d{1,2})\b/i.exec(text)?.[1]
  if (toHit !== undefined) figures.toHit = Number(toHit.replace('\u2212', '-'))
  const reach = /\breach (\d{1,3}) (?:ft|feet)/i.exec(text)?.[1]
  if (reach !== undefined) figures.reach = Number(reach)
  const [, range, longRange] = /\branged? (\d{1,4})(?:\s*\/\s*(\d{1,4}))? (?:ft|feet)/i.exec(text) ?? []
  if (range !== undefined) figures.range = Number(range)
  if (longRange !== undefined) figures.longRange = Number(longRange)
  const save = saveOf(text)
  if (save) figures.save = save
  const area = areaOf(text)
  if (area) figures.area = area
  const damage = damageOf(text, toHit !== undefined)
  if (damage.length > 0) figures.damage = damage
  return figures
}

const ABILITY_WORDS = 'strength|dexterity|constitution|intelligence|wisdom|charisma'
/** “DC 14 Wisdom saving throw”, and since 2024 “Wisdom Saving Throw: DC 14”. */
const SAVES = [
  new RegExp(`DC (?<dc>\\d{1,2}) (?<word>${ABILITY_WORDS}) sav(?:ing throw|e)`, 'i'),
  new RegExp(`(?<word>${ABILITY_WORDS}) Saving Throw: DC (?<dc>\\d{1,2})`, 'i'),
]

function saveOf(text: string): Action['save'] | undefined {
  const { dc, word = '' } = SAVES.map((form) => form.exec(text)).find(Boolean)?.groups ?? {}
  const ability = abilityOf(word)
  if (!ability || Number(dc) < 1) return undefined
  const isHalf = /half as much damage|half (?:the )?damage/i.test(text)
  return isHalf ? { ability, dc: Number(dc), half: true } : { ability, dc: Number(dc) }
}

const AREA =
  /\b(\d{1,3})[- ](?:foot|feet|ft\.?)[- ](?:(?:long|wide|high|tall)[, -]{1,3})?(line|cone|cube|sphere|cylinder|radius)(?:[- ](sphere|cylinder))?/i

function areaOf(text: string): Action['area'] | undefined {
  const [, feet, shape, solid] = AREA.exec(text) ?? []
  const found = SHAPES.find((known) => known === (solid ?? shape)?.toLowerCase())
  return found ? { feet: Number(feet), shape: found } : undefined
}

const SHAPES = ['line', 'cone', 'cube', 'sphere', 'cylinder', 'radius'] as const

const DAMAGE =
  /(\bor |\bplus )?(\d{1,4})(?: \((\d{1,3}d\d{1,3})(?: ?([+\u2212-]) ?(\d{1,3}))?\))? (acid|bludgeoning|cold|fire|force|lightning|necrotic|piercing|poison|psychic|radiant|slashing|thunder) damage/gi

/**
 * Damage of the sentence after “Hit:” is dealt by the hit. Damage behind a saving throw needs a failed save, and all other damage a
 * condition that a person judges.
 */
function damageOf(text: string, isAttack: boolean): DamagePart[] {
  const hit = text.search(/\bHit:/i)
  const hitEnd = hit < 0 ? -1 : endOfSentence(text, hit)
  const save = text.search(/saving throw/i)
  return [...text.matchAll(DAMAGE)].slice(0, 20).map((found): DamagePart => {
    const [, word = '', average, dice, sign, bonus, type = ''] = found
    const isHit = isAttack && (hit < 0 || found.index < hitEnd) && (save < 0 || found.index < save)
    const amount =
      dice === undefined ? undefined : bonus === undefined ? dice : `${dice}${sign === '+' ? '+' : '-'}${bonus}`
    return {
      ...(amount === undefined ? { flat: Number(average) } : { dice: amount }),
      type: type.toLowerCase(),
      ...(isHit && word.toLowerCase() === 'or ' ? { or: true } : {}),
      ...(isHit ? {} : { when: save >= 0 && found.index > save ? 'failed save' : 'conditional' }),
    }
  })
}

/** A full stop that ends no “ft.” */
function endOfSentence(text: string, from: number): number {
  const end = text.slice(from).search(/(?<!\bft)\.(?:\s|$)/)
  return end < 0 ? text.length : from + end
}
