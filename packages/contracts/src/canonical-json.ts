/** JSON with sorted keys, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(sortedEntries(inner))
      : inner,
  )
}

/** Without the fields that have no value, as in JSON. In the order in which `canonicalJson` writes them: numbers as keys come first. */
export const sortedFields = (value: object): [string, unknown][] =>
  Object.entries(Object.fromEntries(sortedEntries(value))).filter(([, field]) => field !== undefined)

const sortedEntries = (value: object): [string, unknown][] =>
  Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
