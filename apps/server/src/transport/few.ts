// Lists for what exists by the thousand. Most have one element, which is stored as itself: an array of one takes 56 bytes more. A list
// is replaced by each change, so that it never has more room than it needs.

export type Few<T extends object> = T | readonly T[] | null

export function listOf<T extends object>(few: Few<T>): readonly T[] {
  if (few === null) return []
  return isList(few) ? few : [few]
}

export function withOne<T extends object>(few: Few<T>, one: T): Few<T> {
  if (few === null) return one
  // Not spread: V8 gives a spread list room for more.
  return isList(few) ? few.concat(one) : [few, one]
}

export function withoutOne<T extends object>(few: Few<T>, one: T): Few<T> {
  const list = listOf(few)
  const at = list.indexOf(one)
  if (at < 0) return few
  const left = list.toSpliced(at, 1)
  return left.length > 1 ? left : (left[0] ?? null)
}

const isList = <T extends object>(few: T | readonly T[]): few is readonly T[] => Array.isArray(few)
