/**
 * The values of an `in (…)`, the last one repeated until their number is a power of two. So a list of any length is one of a few
 * statements, which are prepared once. Not for an empty list.
 */
export function padded(values: readonly string[]): string[] {
  const length = 2 ** Math.ceil(Math.log2(values.length))
  return Array.from({ length }, (_, n) => values[Math.min(n, values.length - 1)] ?? '')
}
