/** The items in their order, in groups of at most `size`: databases limit the parameters of a statement. */
export function* groupsOf<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size)
}
