// From a stat block to the figures that a fight needs.
import { startOf } from '@tablecast/text'
import type { NewFighter } from '@tablecast/rules/fighter'
import { LEGENDARY, REACTION, type Use } from '@tablecast/rules/uses'
import { type Ability, abilityModifier } from './abilities.ts'
import type { StatBlock } from './stat-block.ts'

/** Uses of a legendary creature when its block does not say how many. */
const LEGENDARY_ACTIONS = 3

/** The bonus of a saving throw: the block's, or the ability's. */
export const saveBonus = (block: StatBlock, ability: Ability): number =>
  block.saves?.[ability] ?? abilityModifier(block.abilities[ability])

type Wanted = Pick<NewFighter, 'block'> & { count?: number; rollsHitPoints?: boolean }

/** A block as fighters of the next fight. Without `rollsHitPoints` each has the average. */
export function asNewFighter(
  block: StatBlock,
  { count = 1, rollsHitPoints = false, block: reference }: Wanted,
): NewFighter {
  return {
    name: startOf(block.name, 60).trim(),
    count,
    kind: 'monster',
    ...(reference ? { block: reference } : {}),
    hp: rollsHitPoints && block.hitDice !== undefined ? block.hitDice : block.hp,
    armourClass: block.ac,
    initiativeBonus: block.initiative,
    xp: block.xp ?? 0,
    visible: true,
    hpVisible: false,
    sharesInitiative: false,
    surprised: false,
    uses: usesOf(block),
  }
}

/** Actions with uses or a recharge, legendary actions and the reaction. */
function usesOf(block: StatBlock): Omit<Use, 'left'>[] {
  const limited = [...block.actions, ...block.traits].flatMap((one, index): Omit<Use, 'left'>[] => {
    const key = `${index}-${one.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`.slice(0, 40)
    const name = startOf(one.name, 60).trim()
    if ('recharge' in one && one.recharge !== undefined)
      return [{ key, name, most: 1, back: { kind: 'recharge', from: one.recharge } }]
    return one.uses === undefined ? [] : [{ key, name, most: one.uses, back: { kind: 'rest' } }]
  })
  const isLegendary = block.actions.some(({ kind }) => kind === 'legendary')
  const legendary: Omit<Use, 'left'> = {
    key: LEGENDARY,
    name: 'Legendary actions',
    most: LEGENDARY_ACTIONS,
    back: { kind: 'turn' },
  }
  const reaction: Omit<Use, 'left'> = { key: REACTION, name: 'Reaction', most: 1, back: { kind: 'turn' } }
  return [reaction, ...(isLegendary ? [legendary] : []), ...limited].slice(0, 20)
}
