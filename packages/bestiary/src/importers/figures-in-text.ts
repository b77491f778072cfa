// Sizes, speeds, senses and other figures as stat blocks print them.
import { startOf } from '@tablecast/text'
import { abilities as ABILITIES, type Ability } from '../abilities.ts'
import type { StatBlock } from '../stat-block.ts'
import { experienceOf } from './experience.ts'
import { defined } from './loose-values.ts'

export type Tell = (reason: string) => void
export { ABILITIES, type Ability }

/** “DEX”, “dexterity”, “Dexterity Save” */
export const abilityOf = (name: string): Ability | undefined =>
  ABILITIES.find((known) => known === name.trim().toLowerCase().slice(0, 3))

const SIZES = ['tiny', 'small', 'medium', 'large', 'huge', 'gargantuan'] as const
const SHORT_SIZES: Readonly<Record<string, StatBlock['size']>> = {
  sm: 'small',
  med: 'medium',
  lg: 'large',
  grg: 'gargantuan',
}

/** “Large”, “lg”, “Medium or Small” */
export function sizeOf(text: string): StatBlock['size'] {
  const word = text.trim().toLowerCase()
  return Object.hasOwn(SHORT_SIZES, word) ? SHORT_SIZES[word] : SIZES.find((known) => word.startsWith(known))
}

const TYPE = /^(?:(tiny|small|medium|large|huge|gargantuan)\b)?\s*([^,(]*?)\s*(?:\(([^)]*)\))?\s*(?:,\s*(.*))?$/i

/** “Medium humanoid (any race), any alignment” */
export function typeOf(text: string): Pick<StatBlock, 'size' | 'type' | 'subtype' | 'alignment'> {
  const [, size = '', type, subtype, alignment] = TYPE.exec(startOf(text.trim(), 200)) ?? []
  return defined({
    size: sizeOf(size),
    type: type || undefined,
    subtype: subtype || undefined,
    alignment: alignment || undefined,
  })
}

/** The dice in “(18d10 + 36)”. */
export function diceOf(text: string): string | undefined {
  const [, dice, sign, digits] = /(\d{1,3}d\d{1,4})(?:\s*([+\u2212-])\s*(\d{1,4}))?/i.exec(text) ?? []
  if (dice === undefined) return undefined
  const bare = dice.toLowerCase()
  return sign === undefined || Number(digits) === 0 ? bare : `${bare}${sign === '+' ? '+' : '-'}${digits}`
}

/** The mean of dice such as `18d10+36`, rounded down as stat blocks do. */
export function averageOf(dice: string): number | undefined {
  const [, count, sides, bonus = '0'] = /^(\d+)d(\d+)([+-]\d+)?$/.exec(dice) ?? []
  if (count === undefined) return undefined
  return Math.max(0, Math.floor((Number(count) * (Number(sides) + 1)) / 2) + Number(bonus))
}

/** “1/2”, “10 (5,900 XP)”, “0.125” */
export function challengeOf(text: string, tell: Tell): Pick<StatBlock, 'cr' | 'xp'> {
  const trimmed = text.trim()
  if (trimmed === '' || /^(?:[-–—]|none|n\/a)$/i.test(trimmed)) return {}
  const [, whole, decimals = '', part] = /^(\d{1,2})(\.\d{1,6})?(?:\s*\/\s*(\d))?(?:\s*[(;,].*)?$/.exec(trimmed) ?? []
  if (whole === undefined || part === '0') {
    tell(`The challenge “${startOf(trimmed, 40)}” is not understood.`)
    return {}
  }
  const cr = Number(`${whole}${decimals}`) / Number(part ?? 1)
  return defined({ cr, xp: experienceOf(cr) })
}

export const SPEEDS = ['walk', 'swim', 'fly', 'climb', 'burrow'] as const

/** “swim 40 ft.”, “fly 60 ft. (hover)” */
export function speedOf(all: readonly string[], tell: Tell): StatBlock['speed'] {
  const speed: NonNullable<StatBlock['speed']> = {}
  for (const text of all.flatMap((one) => one.split(/[,;](?![^(]{0,200}\))/))) {
    if (text.trim() === '') continue
    const [, word = 'walk', feet, rest = ''] = /^\s*([a-z]+)?\s*(\d{1,4})\s*(?:ft\.?|feet)?\s*(.*)$/i.exec(text) ?? []
    const kind = SPEEDS.find((known) => known === word.toLowerCase())
    if (!kind || feet === undefined) {
      tell(`The speed “${startOf(text.trim(), 40)}” is not understood.`)
      continue
    }
    speed[kind] = Number(feet)
    if (/hover/i.test(rest)) speed.hover = true
  }
  return Object.keys(speed).length > 0 ? speed : undefined
}

export const SENSES = ['darkvision', 'blindsight', 'tremorsense', 'truesight'] as const

/** “darkvision 120 ft.”, “passive Perception 14”; others keep their words. */
export function sensesOf(all: readonly string[]): StatBlock['senses'] {
  const senses: NonNullable<StatBlock['senses']> = {}
  for (const text of wordsOf(all.flatMap((one) => one.split(/[,;](?![^(]{0,200}\))/))) ?? []) {
    const [, word = '', feet, rest = ''] = /^([a-z]+)\s+(\d{1,4})\s*(?:ft\.?|feet)?\s*(.*)$/i.exec(text) ?? []
    const sense = SENSES.find((known) => known === word.toLowerCase())
    const passive = /^passive perception\s+(\d{1,2})$/i.exec(text)?.[1]
    if (sense && feet !== undefined) senses[sense] = Number(feet)
    else if (passive !== undefined) senses.passivePerception = Number(passive)
    if ((!sense && passive === undefined) || rest !== '') senses.other = [...(senses.other ?? []), text].slice(0, 60)
  }
  return Object.keys(senses).length > 0 ? senses : undefined
}

export const wordsOf = (words: readonly string[]): string[] | undefined => {
  const found = words.map((word) => startOf(word.trim(), 200)).filter(Boolean)
  return found.length > 0 ? found.slice(0, 60) : undefined
}
