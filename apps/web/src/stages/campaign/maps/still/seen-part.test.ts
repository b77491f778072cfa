import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Part } from '../view/map-view.ts'
import type { TableMap } from '../view/table-map.ts'
import { nextPart, seenPart } from './seen-part.ts'

const map = { width: 2_000, height: 1_500, grid: { size: 50 } as TableMap['grid'] }
const part = (left: number, top: number, right: number, bottom: number): Part => ({ left, top, right, bottom })

describe('the part of a map that players see', () => {
  it('is the whole map while they see nothing of it', () => {
    expect(seenPart(map, null, [])).toEqual(part(0, 0, 2_000, 1_500))
  })

  it('has what is revealed, and every token', () => {
    expect(seenPart(map, part(512, 300, 900, 700), [{ x: 100, y: 600, size: 1 }])).toEqual(part(75, 300, 900, 700))
  })
})

describe('the part of a map that fills a screen', () => {
  it('leaves a cell around what players see, and ends with the map', () => {
    expect(nextPart(map, null, part(500, 0, 1_000, 600))).toEqual(part(450, 0, 1_050, 650))
    expect(nextPart(map, null, part(0, 0, 2_000, 1_500))).toEqual(part(0, 0, 2_000, 1_500))
  })

  it('keeps something around a single room', () => {
    expect(nextPart(map, null, part(1_000, 600, 1_100, 700))).toEqual(part(900, 500, 1_200, 800))
  })

  it('stays while a little more is revealed, and follows what leaves it', () => {
    const first = nextPart(map, null, part(500, 300, 1_000, 800))
    expect(nextPart(map, first, part(500, 300, 1_040, 800))).toBe(first)
    expect(nextPart(map, first, part(500, 300, 1_200, 800))).toEqual(part(450, 250, 1_250, 850))
  })

  it('closes in when much of it is hidden again', () => {
    const whole = nextPart(map, null, part(0, 0, 2_000, 1_500))
    expect(nextPart(map, whole, part(500, 300, 1_000, 800))).toEqual(part(450, 250, 1_050, 850))
  })

  it('shows all that players see, whatever was shown before', () => {
    const range = (most: number) =>
      fc.tuple(fc.nat(most), fc.nat(most)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)])
    const parts = fc
      .tuple(range(2_000), range(1_500))
      .map(([[left = 0, right = 0], [top = 0, bottom = 0]]) => part(left, top, right, bottom))
    fc.assert(
      fc.property(fc.array(parts, { minLength: 1 }), (all) => {
        let shown: Part | null = null
        for (const seen of all) {
          shown = nextPart(map, shown, seen)
          expect(shown.left).toBeLessThanOrEqual(seen.left)
          expect(shown.top).toBeLessThanOrEqual(seen.top)
          expect(shown.right).toBeGreaterThanOrEqual(seen.right)
          expect(shown.bottom).toBeGreaterThanOrEqual(seen.bottom)
        }
      }),
    )
  })
})
