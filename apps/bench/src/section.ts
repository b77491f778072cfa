// The result of a benchmark: a part of the report, and its targets.

/** A ratio, or a number with its unit, and its bound. Null if a peer is not installed. */
export type Target = {
  what: string
  bound: 'at least' | 'at most'
  limit: number
  measured: number | null
  unit: string
}

export type Section = {
  title: string
  /** Markdown: the method of the measurement, then its tables. */
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

/** `slack` below 1 loosens the bound: 0.8 accepts 0.8 of a lower bound, and 1 / 0.8 of an upper bound. */
export const isMet = ({ bound, limit, measured }: Target, slack = 1): boolean => {
  if (measured === null) return true
  return bound === 'at least' ? measured >= limit * slack : measured <= limit / slack
}
