// A generated series in the shape of level signals: a wandering price, and the support and resistance levels around it.
export type DemoSignal = {
  ts: string
  spy: { spot: number; bid: number; ask: number }
  levels: { id: string; price: number; strength: number; kind: 'support' | 'resistance' }[]
  viewport: { low: number; high: number }
}

export const DEMO_INTERVAL_MS = 250
const LEVELS = 8

/** Returns a function that gives the next value of the series at each call. `random` gives numbers from 0 to 1. */
export function demoSeries(random: () => number = Math.random): (now: Date) => DemoSignal {
  let spot = 580
  const strengths = Array.from({ length: LEVELS }, () => random())
  return (now) => {
    spot += (random() - 0.5) * 0.4 + (580 - spot) * 0.01
    const anchor = Math.round(spot)
    for (const index of strengths.keys())
      strengths[index] = Math.min(1, Math.max(0, (strengths[index] ?? 0.5) + (random() - 0.5) * 0.08))
    const levels = strengths.map((strength, index) => {
      const price = anchor + index - LEVELS / 2
      const kind = price < spot ? ('support' as const) : ('resistance' as const)
      return { id: `L${index + 1}`, price, strength: Math.round(strength * 100) / 100, kind }
    })
    const rounded = Math.round(spot * 100) / 100
    return {
      ts: now.toISOString(),
      spy: {
        spot: rounded,
        bid: Math.round((rounded - 0.01) * 100) / 100,
        ask: Math.round((rounded + 0.01) * 100) / 100,
      },
      levels,
      viewport: { low: anchor - LEVELS / 2, high: anchor + LEVELS / 2 },
    }
  }
}
