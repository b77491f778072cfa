import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { damage, heal, setHitPoints } from './hit-points.ts'

const amount = fc.integer({ min: 0, max: 9_999 })
/** A DM can set values below 0 and above the maximum by hand. */
const hitPoints = fc.record({
  current: fc.integer({ min: -9_999, max: 9_999 }),
  max: fc.integer({ min: 0, max: 9_999 }),
  temp: fc.integer({ min: 0, max: 9_999 }),
})

describe('hit points', () => {
  it('are never raised by damage, which takes temporary ones first and stops at 0', () => {
    fc.assert(
      fc.property(hitPoints, amount, (hp, by) => {
        const after = damage(hp, by)
        expect(after.current).toBeLessThanOrEqual(hp.current)
        expect(after.temp).toBe(Math.max(0, hp.temp - by))
        if (by <= hp.temp) expect(after.current).toBe(hp.current)
        if (hp.current >= 0) expect(after.current).toBe(Math.max(0, hp.current - Math.max(0, by - hp.temp)))
        else expect(after.current).toBe(hp.current)
        expect(after.max).toBe(hp.max)
      }),
    )
  })

  it('are never lowered by healing, which stops at the maximum and leaves temporary ones alone', () => {
    fc.assert(
      fc.property(hitPoints, amount, (hp, by) => {
        const after = heal(hp, by)
        expect(after.current).toBeGreaterThanOrEqual(hp.current)
        expect(after.current).toBeLessThanOrEqual(Math.max(hp.current, hp.max))
        if (hp.current + by <= hp.max) expect(after.current).toBe(hp.current + by)
        expect([after.temp, after.max]).toEqual([hp.temp, hp.max])
      }),
    )
  })

  it('are set within 0 and the maximum, and stay where they are when only temporary ones are set', () => {
    fc.assert(
      fc.property(hitPoints, fc.integer({ min: -9_999, max: 9_999 }), amount, (hp, current, temp) => {
        const after = setHitPoints(hp, { current, temp })
        expect(after.temp).toBe(temp)
        expect(after.current).toBe(current === hp.current ? current : Math.max(0, Math.min(current, hp.max)))
      }),
    )
  })
})
