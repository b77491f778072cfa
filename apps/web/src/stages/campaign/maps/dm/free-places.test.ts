import { cellsOfToken, type Grid } from '@tablecast/maps/grid'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { freePlaces } from './free-places.ts'

const grid: Grid = { kind: 'square', size: 70, offset: { x: 7, y: 13 }, scale: 5, unit: 'ft' }

it('new tokens stand on free cells, whatever stands there', () => {
  const size = fc.constantFrom(0.5, 1, 2, 3)
  fc.assert(
    fc.property(fc.array(size, { maxLength: 20 }), fc.array(size, { maxLength: 10 }), (standing, sizes) => {
      const before = freePlaces(grid, { x: 500, y: 500 }, standing, [])
      const tokens = before.map((place, at) => ({ ...place, size: standing[at] ?? 1 }))
      const places = freePlaces(grid, { x: 500, y: 500 }, sizes, tokens)
      const all = [...tokens, ...places.map((place, at) => ({ ...place, size: sizes[at] ?? 1 }))]
      const cells = all.flatMap((token) =>
        cellsOfToken(grid, token, token.size).map(
          ({ x, y }) => `${Math.floor((x - 7) / 70)} ${Math.floor((y - 13) / 70)}`,
        ),
      )
      expect(new Set(cells).size).toBe(cells.length)
    }),
    { numRuns: 50 },
  )
})

it('the first token stands in the middle of the view', () => {
  expect(freePlaces(grid, { x: 500, y: 500 }, [1], [])).toEqual([{ x: 532, y: 468 }])
})
