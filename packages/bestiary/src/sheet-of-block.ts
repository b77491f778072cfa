// The sheet of a character that another program described as a stat block.
import { startOf } from '@tablecast/text'
import { emptySheet, MAX_RESOURCES, type Attack, type Resource, type Sheet } from './sheet.ts'
import { skillOf } from './skills.ts'
import type { Action, DamagePart, StatBlock, Trait } from './stat-block.ts'

/** `level`: null where the file names none. */
export function sheetOfBlock(block: StatBlock, level: number | null): Sheet {
  const bounded = (bonus: number) => Math.max(-99, Math.min(99, bonus))
  return {
    ...emptySheet,
    heading: startOf(block.type ?? '', 120).trim(),
    level: level ?? 1,
    proficiency: block.proficiency ?? proficiencyOf(level ?? 1),
    initiative: block.initiative,
    speed: block.speed?.walk === undefined ? '' : `${block.speed.walk} ft.`,
    abilities: block.abilities,
    saves: Object.fromEntries(Object.entries(block.saves ?? {}).map(([ability, bonus]) => [ability, bounded(bonus)])),
    skills: Object.fromEntries(
      Object.entries(block.skills ?? {}).flatMap(([name, bonus]) => {
        const skill = skillOf(name)
        return skill ? [[skill, bounded(bonus)]] : []
      }),
    ),
    attacks: block.actions.flatMap(attackOf).slice(0, 20),
    resources: resourcesOf([...block.traits, ...block.actions]),
    notes: startOf(block.text ?? '', 8_000),
  }
}

const proficiencyOf = (level: number): number => 2 + Math.floor((level - 1) / 4)

function attackOf({ name, toHit, damage = [] }: Action): Attack[] {
  const [first] = damage.filter(({ or, when }) => !or && when === undefined)
  const notation = first ? notationOf(first) : null
  const bonus = toHit !== undefined && Math.abs(toHit) <= 99 ? toHit : null
  return bonus === null && notation === null ? [] : [{ name: startOf(name, 60).trim(), toHit: bonus, damage: notation }]
}

const notationOf = ({ dice, flat, type }: DamagePart): string =>
  startOf(`${dice ?? flat ?? 0}${type ? ` ${type}` : ''}`, 100).trim()

function resourcesOf(limited: readonly (Trait | Action)[]): Resource[] {
  const slots = limited.flatMap((one) => ('spellcasting' in one ? Object.entries(one.spellcasting?.slots ?? {}) : []))
  const ofSlots = slots.flatMap(([level, most]): Resource[] =>
    most < 1 ? [] : [{ key: `slots-${level}`, name: `Spell slots, level ${level}`, most, back: 'long' }],
  )
  const ofUses = limited.flatMap(({ name, uses }, index): Resource[] =>
    uses === undefined ? [] : [{ key: `use-${index}`, name: startOf(name, 60).trim(), most: uses, back: 'long' }],
  )
  return [...new Map([...ofSlots, ...ofUses].map((one) => [one.key, one])).values()].slice(0, MAX_RESOURCES)
}
