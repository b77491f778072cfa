// A list must hold each id once.

type Keyed = { readonly id: string }

export const isUnique = (ids: readonly unknown[]): boolean => new Set(ids).size === ids.length

/** The frozen lists that hold each id once. */
const unique = new WeakSet<readonly Keyed[]>()

export function hasUniqueIds(list: readonly Keyed[]): boolean {
  if (unique.has(list)) return true
  if (!isUnique(list.map(({ id }) => id))) return false
  if (Object.isFrozen(list)) unique.add(list)
  return true
}

/** Remembers of `list` what is known of `known`: both hold the same ids. */
export function hasUniqueIdsAs(known: readonly Keyed[], list: readonly Keyed[]): void {
  if (unique.has(known) && Object.isFrozen(list)) unique.add(list)
}

/** The first item of each id, in the order of the list. Returns the same list if no id repeats. */
export function uniqueById<T extends Keyed>(list: T[]): T[] {
  if (hasUniqueIds(list)) return list
  const first = new Map<string, T>()
  for (const item of list) if (!first.has(item.id)) first.set(item.id, item)
  return [...first.values()]
}
