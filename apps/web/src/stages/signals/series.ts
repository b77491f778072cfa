/** The newest numbers of each field of a value, by its path (`spy.spot`). */
export type Series = ReadonlyMap<string, readonly number[]>

const MAX_POINTS = 240
const MAX_FIELDS = 12

export function addToSeries(series: Series, value: unknown): Series {
  const next = new Map(series)
  for (const [path, number] of numbersIn(value)) {
    const known = next.get(path)
    if (known || next.size < MAX_FIELDS) next.set(path, [...(known ?? []), number].slice(-MAX_POINTS))
  }
  return next
}

/** Looks two objects deep. Lists are left out: they are shown as tables. */
function numbersIn(value: unknown, path: readonly string[] = []): [string, number][] {
  if (typeof value === 'number' && Number.isFinite(value)) return [[path.join('.') || 'value', value]]
  if (typeof value !== 'object' || value === null || Array.isArray(value) || path.length > 2) return []
  return Object.entries(value).flatMap(([key, inner]) => numbersIn(inner, [...path, key]))
}
