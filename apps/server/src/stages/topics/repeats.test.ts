import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Repeats } from './repeats.ts'

describe('Repeats', () => {
  it('a mark is new at its first arrival and a repeat afterwards, in any order of arrival', () => {
    const mark = fc.record({ node: fc.constantFrom('a', 'b.c', 'd'), number: fc.integer({ min: 1, max: 500 }) })
    fc.assert(
      fc.property(fc.array(mark, { maxLength: 400 }), (marks) => {
        const repeats = new Repeats()
        const known = new Set<string>()
        for (const { node, number } of marks) {
          const text = `${node}.${number}`
          expect([text, repeats.isNew(text)]).toEqual([text, !known.has(text)])
          known.add(text)
        }
      }),
    )
  })

  it('a mark stays a repeat over thousands of messages, and a message without a valid mark is always new', () => {
    const repeats = new Repeats()
    for (let number = 1; number <= 10_000; number++) {
      expect(repeats.isNew(`node.${number}`)).toBe(true)
      expect(repeats.isNew(`node.${Math.max(1, number - 900)}`)).toBe(false)
      expect(repeats.isNew(`node.${Math.max(1, number - 5_000)}`)).toBe(false)
    }
    for (const none of [null, '', 'node', 'node.', '.7', 'node.x']) {
      expect(repeats.isNew(none)).toBe(true)
      expect(repeats.isNew(none)).toBe(true)
    }
  })
})
