import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { Cyrb53, HashedText } from './cyrb53.ts'

/** Mostly ASCII, with codes between that change other bits. */
const text = fc
  .array(
    fc.oneof({ weight: 9, arbitrary: fc.string() }, fc.constantFrom('’', 'é', 'Мира', '龍', '\uD83D', '\0', '\u007F')),
    {
      maxLength: 30,
    },
  )
  .map((parts) => parts.join(''))

const digitsAfter = (begin: string, add: (hash: Cyrb53) => void): string => {
  const hash = new Cyrb53()
  hash.add(begin)
  add(hash)
  return hash.digits
}

describe('a text that is hashed often', () => {
  it('gives the digits of the whole text, whatever stands before it and however often it was hashed', () => {
    fc.assert(
      fc.property(text, fc.array(fc.string(), { minLength: 1 }), (long, begins) => {
        const known = new HashedText(long)
        for (const begin of begins) {
          const expected = digitsAfter(`${begin}${long}`, () => undefined)
          expect(digitsAfter(begin, (hash) => known.jumpThrough(hash))).toBe(expected)
          expect(digitsAfter(begin, (hash) => known.stepThrough(hash))).toBe(expected)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('takes no step for its letters after it was hashed after enough other texts', () => {
    const known = new HashedText(`The ferryman’s coin. ${'A letter of the hag, '.repeat(500)}`)
    for (let count = 0; count < 3_000; count++) digitsAfter(String(count), (hash) => known.jumpThrough(hash))
    const steps = vi.spyOn(Math, 'imul')
    const before = steps.mock.calls.length
    known.jumpThrough(new Cyrb53())
    // Two for each of the two sections.
    expect(steps.mock.calls.length - before).toBe(4)
    steps.mockRestore()
  })
})
