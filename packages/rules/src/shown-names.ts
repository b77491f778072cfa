// The names that players see. No part of them comes from something that is hidden.
import type { Fighter } from './fighter.ts'
import { fold } from './names/fold.ts'

type Named = Pick<Fighter, 'id' | 'name' | 'visible' | 'alias' | 'creature' | 'number' | 'appearance'>

/** By id, of visible characters alone: “Goblin 1”, “hooded figure”. A number stands where players have seen two of a name. */
export function shownNames(characters: readonly Named[]): ReadonlyMap<string, string> {
  const visible = characters.filter((character) => character.visible)
  const seen = new Map<string, number>()
  for (const one of visible) {
    const key = fold(shownBase(one))
    seen.set(key, Math.max((seen.get(key) ?? 0) + 1, one.appearance ?? 1))
  }
  return new Map(
    visible.map((one) => {
      const base = shownBase(one)
      const isOneOfMany = isNumbered(one) && (seen.get(fold(base)) ?? 0) > 1
      return [one.id, isOneOfMany ? `${base} ${one.appearance}` : base]
    }),
  )
}

/** Gives the next numbers to visible fighters without one, in the order of the list. */
export function withAppearances<T extends Named>(characters: readonly T[]): T[] {
  const highest = new Map<string, number>()
  for (const one of characters) {
    const key = fold(shownBase(one))
    if (one.visible && isNumbered(one)) highest.set(key, Math.max(highest.get(key) ?? 0, one.appearance ?? 0))
  }
  return characters.map((one) => {
    if (!one.visible || !canBeNumbered(one) || isNumbered(one)) return one
    const key = fold(shownBase(one))
    const appearance = (highest.get(key) ?? 0) + 1
    highest.set(key, appearance)
    return { ...one, appearance }
  })
}

/** The alias, or the creature's name unless the DM gave this one a name of its own. */
function shownBase(one: Named): string {
  if (one.alias) return one.alias
  return hasOwnName(one) || !one.creature ? one.name : one.creature
}

const hasOwnName = ({ name, creature, number }: Named): boolean => name !== creature && name !== `${creature} ${number}`

const canBeNumbered = (one: Named): boolean => Boolean(one.alias) || (Boolean(one.creature) && !hasOwnName(one))
const isNumbered = (one: Named): boolean => canBeNumbered(one) && typeof one.appearance === 'number'
