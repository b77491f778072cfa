// Sockets arrive in turn.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Arrivals } from './arrivals.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function crowd(size: number, atOnce: number) {
  const arrivals = new Arrivals(atOnce)
  const served: number[] = []
  const leaves: (() => void)[] = []
  const cancels = Array.from({ length: size }, (_, n) =>
    arrivals.enter((leave) => {
      served.push(n)
      leaves[n] = leave
    }),
  )
  return { arrivals, served, leaves, cancels }
}

describe('an arrival', () => {
  it('is served at once while there are few, and in turn after that', () => {
    const { arrivals, served, leaves } = crowd(10, 3)
    expect(served).toEqual([0, 1, 2])
    expect(arrivals.waiting).toBe(7)
    leaves[1]?.()
    leaves[1]?.()
    expect(served).toEqual([0, 1, 2, 3])
    for (let n = 0; n < 10; n++) leaves[n]?.()
    expect(served).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(arrivals.waiting).toBe(0)
  })

  it('that gave up while it waited is left out', () => {
    const { served, leaves, cancels } = crowd(5, 1)
    cancels[1]?.()
    cancels[2]?.()
    leaves[0]?.()
    expect(served).toEqual([0, 3])
  })

  it('that never finishes holds up the others for a second at most', () => {
    const { arrivals, served } = crowd(4, 1)
    expect(arrivals.arriving).toBe(1)
    vi.advanceTimersByTime(3_000)
    expect(served).toEqual([0, 1, 2, 3])
    expect(arrivals).toMatchObject({ arriving: 1, waiting: 0, overdue: 3 })
  })
})
