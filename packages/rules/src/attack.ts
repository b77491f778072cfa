// An attack as it is rolled: to hit, and its damage. The comparison with an armour class is for DMs alone.
import type { RollResult } from './notation/index.ts'
import { Refusal } from './refusal.ts'

export type Advantage = 'advantage' | 'disadvantage' | null

/** `hits` is null where the armour class is not known. A 20 always hits and is critical; a 1 never hits. */
export type AttackResult = { roll: RollResult; hits: boolean | null; isCritical: boolean }

export function rollAttack(
  toHit: number,
  { armourClass, advantage }: { armourClass: number | null; advantage: Advantage },
  throwDice: (notation: string) => RollResult,
): AttackResult {
  const bonus = toHit === 0 ? '' : toHit < 0 ? String(toHit) : `+${toHit}`
  const dice = advantage === null ? '1d20' : advantage === 'advantage' ? '2d20kh1' : '2d20kl1'
  const result = throwDice(`${dice}${bonus}`)
  const isCritical = result.natural === 20
  const hits = armourClass === null ? null : isCritical || (result.natural !== 1 && result.total >= armourClass)
  return { roll: result, hits, isCritical }
}

/** A part of an attack's damage, as a stat block has it. */
export type DamagePart = {
  dice?: string | undefined
  flat?: number | undefined
  type?: string | undefined
  or?: boolean | undefined
  when?: string | undefined
}

/** `label`: the type, and when it is dealt. `amount`: dice or a number, as the operation `damage` takes them. */
export type DamageChoice = { amount: string | number; type: string | null; when: string | null }

/**
 * The damage of an attack as buttons. The first list is dealt by a hit. Each other list is an alternative to it, with what is
 * marked `or` in place of the part before. `later` are parts with a condition: a button of their own, never added by itself.
 */
export function damageChoices(parts: readonly DamagePart[]): { hits: DamageChoice[][]; later: DamageChoice[] } {
  const certain = parts.filter(({ when }) => when === undefined)
  const later = parts.filter(({ when }) => when !== undefined).map(choiceOf)
  let hits: DamageChoice[][] = [[]]
  for (const part of certain) {
    const choice = choiceOf(part)
    const last = hits.length - 1
    if (part.or && (hits[last]?.length ?? 0) > 0) hits = [...hits, [...(hits[last] ?? []).slice(0, -1), choice]]
    else hits = hits.map((list) => [...list, choice])
  }
  return { hits: hits.filter((list) => list.length > 0), later }
}

function choiceOf({ dice, flat, type, when }: DamagePart): DamageChoice {
  const amount = dice ?? flat
  if (amount === undefined) throw new Refusal('operation', 'This damage has no figures.')
  return { amount, type: type ?? null, when: when ?? null }
}

/** The parts together as an amount of the operation `damage`: `1d8+3+2d6`. */
export const damageAmount = (parts: readonly DamageChoice[]): string => parts.map(({ amount }) => amount).join('+')
