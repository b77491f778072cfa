import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { takeUses, type Use, usesBefore } from './uses.ts'

const use = (key: string, left: number, most = 5): Use => ({ key, name: key, left, most, back: { kind: 'rest' } })

describe('the uses before an operation', () => {
  it('get back what it took, and keep what was taken since', () => {
    const [before, after] = [
      [use('luck', 3), use('ki', 5)],
      [use('luck', 1), use('ki', 5)],
    ]
    expect(usesBefore([use('luck', 0), use('ki', 2)], { before, after })).toEqual([use('luck', 2), use('ki', 2)])
    expect(usesBefore([use('luck', 5), use('ki', 2)], { before, after })).toEqual([use('luck', 5), use('ki', 2)])
  })

  it('are not known where a use came, went, or is no use at all', () => {
    const [one, two] = [[use('luck', 3)], [use('luck', 3), use('ki', 1)]]
    expect(usesBefore(two, { before: one, after: two })).toBeNull()
    expect(usesBefore([use('ki', 1)], { before: one, after: [use('luck', 2)] })).toBeNull()
    expect(usesBefore(one, { before: null, after: one })).toBeNull()
  })

  it('are the very same where nothing was taken since', () => {
    const amount = fc.integer({ min: -6, max: 6 })
    const given = fc.record({ left: fc.integer({ min: 0, max: 5 }), take: amount, later: amount })
    fc.assert(
      fc.property(given, ({ left, take, later }) => {
        const before = [use('luck', left), use('ki', 2)]
        const after = takeUses(before, 'luck', take)
        if (!after) return
        expect(usesBefore(after, { before, after })).toEqual(before)
        const now = takeUses(after, 'luck', later)
        const found = now && usesBefore(now, { before, after })
        for (const one of found ?? []) expect(one.left >= 0 && one.left <= one.most).toBe(true)
      }),
    )
  })
})
