// Separate from the schemas, so that pages load this file without them.

/** In milliseconds. */
export const candleIntervals = { '1m': 60_000, '5m': 300_000, '1h': 3_600_000, '1d': 86_400_000 } as const
export type CandleInterval = keyof typeof candleIntervals
