// The result of a benchmark: a part of the report, and its targets.

/** A ratio, or a number with its unit, and the bound that it should keep. Null where a peer is missing. */
export type Target = {
  what: string
  bound: 'at least' | 'at most'
  limit: number
  measured: number | null
  unit: string
}

export type Section = {
  title: string
  /** Markdown: what was measured and how, then its tables. */
  text: string
  targets: readonly Target[]
}

export const atLeast = (what: string, limit: number, measured: number | null): Target => ({
  what,
  bound: 'at least',
  limit,
  measured,
  unit: '×',
})

export const atMost = (what: string, limit: number, measured: number | null, unit = '×'): Target => ({
  what,
  bound: 'at most',
  limit,
  measured,
  unit,
})

/** `slack` below 1 forgives: 0.8 asks for 0.8 of what should be reached at least, and for no more than 1 / 0.8 of what is allowed. */
export const isMet = ({ bound, limit, measured }: Target, slack = 1): boolean => {
  if (measured === null) return true
  return bound === 'at least' ? measured >= limit * slack : measured <= limit / slack
}
