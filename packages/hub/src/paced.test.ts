import { describe, expect, it, vi } from 'vitest'
import { paced } from './paced.ts'

describe('A paced schedule', () => {
  it('flushes at once after a rest, and once per interval under load', () => {
    vi.useFakeTimers({ now: 0, toFake: ['setTimeout', 'setImmediate', 'performance'] })
    try {
      const schedule = paced(16)
      const served: number[] = []
      const flush = () => served.push(performance.now())
      schedule(flush)
      vi.advanceTimersByTime(1)
      schedule(flush)
      vi.advanceTimersByTime(5)
      expect(served.length).toBe(1)
      vi.advanceTimersByTime(20)
      expect(served.length).toBe(2)
      expect((served[1] ?? 0) - (served[0] ?? 0)).toBeGreaterThanOrEqual(16)
      vi.advanceTimersByTime(100)
      const at = performance.now()
      schedule(flush)
      vi.advanceTimersByTime(1)
      expect(served.length).toBe(3)
      expect((served[2] ?? 0) - at).toBeLessThanOrEqual(1)
    } finally {
      vi.useRealTimers()
    }
  })
})
