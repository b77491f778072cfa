import { describe, expect, it } from 'vitest'
import { durationBounds, type Durations, durationsBetween, quantileOf } from './ops.ts'

/** How the buckets look after these durations, in seconds. */
function bucketsOf(seconds: readonly number[]): number[] {
  const buckets = [...durationBounds, Infinity].map(() => 0)
  for (const one of seconds) {
    const index = durationBounds.findIndex((bound) => one <= bound)
    buckets[index < 0 ? durationBounds.length : index] = (buckets.at(index) ?? 0) + 1
  }
  return buckets
}

const durations = (seconds: readonly number[]): Durations => {
  const buckets = bucketsOf(seconds)
  const sumSeconds = seconds.reduce((sum, one) => sum + one, 0)
  return { count: seconds.length, sumSeconds, buckets, p50: quantileOf(buckets, 0.5), p99: quantileOf(buckets, 0.99) }
}

describe('Durations', () => {
  it('have no quantile before anything was measured', () => {
    expect(quantileOf(bucketsOf([]), 0.99)).toBeNull()
  })

  it('have a quantile within the bucket that holds it', () => {
    const seconds = [...Array.from({ length: 98 }, () => 0.002), 0.3, 0.4]
    expect(quantileOf(bucketsOf(seconds), 0.5)).toBeCloseTo(0.001 + (50 / 98) * 0.0015)
    expect(quantileOf(bucketsOf(seconds), 0.99)).toBeCloseTo(0.25 + 0.5 * 0.25)
    expect(quantileOf(bucketsOf([0.000_05]), 1)).toBe(0.0001)
  })

  it('are at least the longest bound when they are longer than all', () => {
    expect(quantileOf(bucketsOf([100, 200]), 0.5)).toBe(30)
  })

  it('between two samples are those that came in between', () => {
    const [before, after] = [durations([0.2, 0.2]), durations([0.2, 0.2, 0.000_2, 0.000_2])]
    expect(durationsBetween(before, after)).toMatchObject({ count: 2, p99: expect.closeTo(0.000_247) as number })
  })
})
