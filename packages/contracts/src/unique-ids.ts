// A list must hold each id once.
import { onceForFrozen } from './frozen.ts'

export const isUnique = (ids: readonly unknown[]): boolean => new Set(ids).size === ids.length

export const hasUniqueIds = onceForFrozen((list: readonly { readonly id: string }[]) =>
  isUnique(list.map(({ id }) => id)),
)

/** The first item of each id, in the order of the list. Returns the same list if no id repeats. */
export function uniqueById<T extends { readonly id: string }>(list: T[]): T[] {
  if (hasUniqueIds(list)) return list
  const first = new Map<string, T>()
  for (const item of list) if (!first.has(item.id)) first.set(item.id, item)
  return [...first.values()]
}
