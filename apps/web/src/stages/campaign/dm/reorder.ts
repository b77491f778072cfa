/** The list with one item moved; the same list when nothing moves. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const item = list[from]
  if (item === undefined || from === to || to < 0 || to >= list.length) return list as T[]
  return list.toSpliced(from, 1).toSpliced(to, 0, item)
}
