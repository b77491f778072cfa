import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fogs, revealedOf, sizedFogs, sizes } from '../testing/arbitraries.ts'
import { countRevealed, hiddenFog, revealedFog, revealRow } from './fog.ts'
import { changed, differenceOf, readChange, strokeOf, writeChange } from './fog-change.ts'

const twoFogs = sizes().chain((size) => fc.tuple(fogs(size), fogs(size)))

describe('a fog', () => {
  it('takes 32 kB for a map of 8,192 × 8,192 pixels', () => {
    expect(hiddenFog({ width: 8_192, height: 8_192 }).bits.length).toBe(32_768)
  })

  it('that is revealed has each block, also those that reach over the edge', () => {
    expect(countRevealed(revealedFog({ width: 33, height: 17 }))).toBe(6)
  })
})

describe('a stroke', () => {
  it('reveals and hides the blocks of its shape alone', () => {
    fc.assert(
      fc.property(twoFogs, fc.boolean(), ([fog, shape], isReveal) => {
        const change = strokeOf(fog, shape, isReveal)
        const after = change ? changed(fog, change) : fog
        const [before, inShape] = [revealedOf(fog), new Set(revealedOf(shape))]
        const outside = before.filter((block) => !inShape.has(block))
        expect(new Set(revealedOf(after))).toEqual(new Set(isReveal ? [...before, ...inShape] : outside))
        if (change) expect(revealedOf(after)).not.toEqual(revealedOf(fog))
      }),
    )
  })

  it('is its own inverse', () => {
    fc.assert(
      fc.property(twoFogs, ([fog, shape]) => {
        const change = strokeOf(fog, shape, true) ?? []
        expect(changed(changed(fog, change), change)).toEqual(fog)
      }),
    )
  })

  it('leaves the fog that it is applied to as it was', () => {
    const fog = hiddenFog({ width: 64, height: 64 })
    const change = strokeOf(fog, revealedFog(fog.size), true)
    if (change) changed(fog, change)
    expect(countRevealed(fog)).toBe(0)
  })
})

describe('the difference of two fogs', () => {
  it('makes the one the other', () => {
    fc.assert(
      fc.property(twoFogs, ([one, other]) => {
        expect(changed(one, differenceOf(one, other) ?? [])).toEqual(other)
      }),
    )
  })
})

describe('a written change', () => {
  it('is read as it was', () => {
    fc.assert(
      fc.property(twoFogs, ([one, other]) => {
        const change = differenceOf(one, other) ?? []
        expect(readChange(writeChange(change), one)).toEqual(change)
      }),
    )
  })

  it('of a room takes few bytes', () => {
    const fog = hiddenFog({ width: 8_192, height: 8_192 })
    const room = hiddenFog(fog.size)
    for (let row = 100; row < 140; row++) revealRow(room, row, 200, 264)
    const change = strokeOf(fog, room, true)
    expect(change && writeChange(change).length).toBeLessThan(600)
  })

  it('that is damaged, or of another fog, is refused or stays within the fog', () => {
    fc.assert(
      fc.property(sizedFogs(80), fc.oneof(fc.base64String(), fc.string()), (fog, text) => {
        const read = () => readChange(text, fog)
        let change
        try {
          change = read()
        } catch (problem) {
          expect(problem).toBeInstanceOf(RangeError)
          return
        }
        const after = changed(fog, change)
        expect(after.bits.length).toBe(fog.bits.length)
        // No bit is set that belongs to no block.
        expect(countRevealed(after)).toBe(revealedOf(after).length)
      }),
      { numRuns: 1_000 },
    )
  })
})
