// The names that players see. No part of them comes from something that is hidden.
import type { Fighter } from './fighter.ts'
import { onceForFrozen } from './frozen.ts'
import { withId } from './frozen-lists.ts'
import { fold } from './names/fold.ts'

type Named = Pick<Fighter, 'id' | 'name' | 'visible' | 'alias' | 'creature' | 'number' | 'appearance'>

/** By id, of visible characters alone: “Goblin 1”, “hooded figure”. A number stands where players have seen two of a name. */
export function shownNames(characters: readonly Named[]): ReadonlyMap<string, string> {
  const visible = characters.filter((one) => one.visible)
  const names = namesOfVisible(visible)
  return new Map(visible.map(({ id }, at) => [id, names[at] ?? '']))
}

/** The same names for a list of visible characters, in its order. */
export function namesOfVisible(visible: readonly Named[]): string[] {
  const labels = visible.map(shownAs)
  const [met, repeated] = [new Set<string>(), new Set<string>()]
  for (const { key, number } of labels) if (!repeated.has(key)) (number > 1 || met.has(key) ? repeated : met).add(key)
  return labels.map(({ base, key, numbered }) => (numbered !== null && repeated.has(key) ? numbered : base))
}

/** The same name of one character; null for one that is hidden. */
export function shownName(characters: readonly Named[], id: string): string | null {
  const one = withId(characters, id)
  return one ? shownNameOf(characters, one) : null
}

/** `one`: among the characters. */
function shownNameOf(characters: readonly Named[], one: Named): string | null {
  if (!one.visible) return null
  const { base, numbered, number } = shownAs(one)
  if (numbered === null) return base
  return number > 1 || isOneOfMany(characters, one) ? numbered : base
}

/** For DMs: “Hooded figure (Mayor Voss)” while players know the fighter by an alias, else its name. Null for one that is not there. */
export function nameForDm(characters: readonly Named[], id: string): string | null {
  const one = withId(characters, id)
  if (!one) return null
  const alias = one.alias ? shownNameOf(characters, one) : null
  return alias === null ? one.name : `${alias} (${one.name})`
}

function isOneOfMany(characters: readonly Named[], one: Named): boolean {
  const { key } = shownAs(one)
  for (const other of characters) if (other !== one && other.visible && shownAs(other).key === key) return true
  return false
}

/** `key`: equal for names that are the same to a reader. `numbered`: the name with its number, if it has one. */
type Label = { base: string; key: string; numbered: string | null; number: number }

const shownAs = onceForFrozen((one: Named): Label => {
  const base = shownBase(one)
  const numbered = isNumbered(one) ? `${base} ${one.appearance}` : null
  return { base, key: fold(base), numbered, number: one.appearance ?? 1 }
})

/** True if players know both by the same name: one in the place of the other changes no name of a list. */
export function isNamedAlike(one: Named, other: Named): boolean {
  const [a, b] = [shownAs(one), shownAs(other)]
  return a.base === b.base && a.numbered === b.numbered && a.number === b.number
}

/** Gives the next numbers to visible fighters without one, in the order of the list. */
export function withAppearances<T extends Named>(characters: T[]): T[] {
  if (!someNeedsNumber(characters)) return characters
  const highest = new Map<string, number>()
  for (const one of characters) {
    const { key, numbered } = shownAs(one)
    if (one.visible && numbered !== null) highest.set(key, Math.max(highest.get(key) ?? 0, one.appearance ?? 0))
  }
  return characters.map((one) => {
    if (!needsNumber(one)) return one
    const { key } = shownAs(one)
    const appearance = (highest.get(key) ?? 0) + 1
    highest.set(key, appearance)
    return { ...one, appearance }
  })
}

function someNeedsNumber(characters: readonly Named[]): boolean {
  for (const one of characters) if (needsNumber(one)) return true
  return false
}

const needsNumber = (one: Named): boolean => typeof one.appearance !== 'number' && one.visible && canBeNumbered(one)

/** The alias, or the creature's name unless the DM gave this one a name of its own. */
function shownBase(one: Named): string {
  if (one.alias) return one.alias
  return hasOwnName(one) || !one.creature ? one.name : one.creature
}

const hasOwnName = ({ name, creature, number }: Named): boolean => name !== creature && name !== `${creature} ${number}`

const canBeNumbered = (one: Named): boolean => Boolean(one.alias) || (Boolean(one.creature) && !hasOwnName(one))
const isNumbered = (one: Named): boolean => canBeNumbered(one) && typeof one.appearance === 'number'
