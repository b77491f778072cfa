import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Point } from '../point.ts'
import { type Area, holds, isTokenInside } from './areas.ts'
import { cellAt, cellsApart, cellsOfToken, centreOfCell, type Diagonals, lengthOfPath, snapped } from './grid.ts'
import type { Grid } from './shape.ts'

const grid: Grid = { kind: 'square', size: 64, offset: { x: 10, y: 20 }, scale: 5, unit: 'ft' }
const free: Grid = { ...grid, kind: 'none' }
const at = (column: number, row: number): Point => centreOfCell(grid, { column, row })
const coordinate = fc.double({ min: -5_000, max: 5_000, noNaN: true })
const places = fc.record({ x: coordinate, y: coordinate })

describe('a cell', () => {
  it('holds its own centre', () => {
    fc.assert(
      fc.property(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -99, max: 99 }), (column, row) => {
        expect(cellAt(grid, at(column, row))).toEqual({ column, row })
      }),
    )
  })
})

describe('a snapped token', () => {
  it.each([
    ['of one cell sits in it', 1, { x: 100, y: 100 }, { x: 106, y: 116 }],
    ['of two cells sits on a crossing', 2, { x: 100, y: 100 }, { x: 74, y: 84 }],
    ['of three cells sits in a cell', 3, { x: 100, y: 100 }, { x: 106, y: 116 }],
    ['of half a cell sits in a quarter', 0.5, { x: 11, y: 21 }, { x: 26, y: 36 }],
  ])('%s', (_name, cells, from, to) => {
    expect(snapped(grid, from, cells)).toEqual(to)
  })

  it('stays where it is when it is snapped again, at most half a step away', () => {
    fc.assert(
      fc.property(places, fc.constantFrom(0.5, 1, 2, 3, 4), (place, cells) => {
        const once = snapped(grid, place, cells)
        const again = snapped(grid, once, cells)
        expect(again.x).toBeCloseTo(once.x)
        expect(again.y).toBeCloseTo(once.y)
        const step = cells < 1 ? grid.size * cells : grid.size
        expect(Math.abs(once.x - place.x)).toBeLessThanOrEqual(step / 2 + 1e-6)
      }),
    )
  })

  it('stays where it was put on a map without cells', () => {
    expect(snapped(free, { x: 1.5, y: 2.5 })).toEqual({ x: 1.5, y: 2.5 })
  })
})

describe('the length of a path', () => {
  const path = [at(0, 0), at(3, 3), at(3, 5), at(2, 4)]
  it.each<[Diagonals, number]>([
    ['one', 30],
    ['one-and-two', 40],
    ['exact', (Math.hypot(3, 3) + 2 + Math.hypot(1, 1)) * 5],
  ])('counts diagonals as “%s”', (diagonals, feet) => {
    expect(lengthOfPath(grid, path, diagonals)).toBeCloseTo(feet)
  })

  it('is the same backwards and never shorter than the straight line counted as one', () => {
    fc.assert(
      fc.property(
        fc.array(places, { minLength: 2, maxLength: 6 }),
        fc.constantFrom<Diagonals>('one', 'one-and-two', 'exact'),
        (way, diagonals) => {
          expect(lengthOfPath(grid, way.toReversed(), diagonals)).toBeCloseTo(lengthOfPath(grid, way, diagonals))
          const [first, last] = [way[0], way.at(-1)]
          if (first && last && diagonals === 'one')
            expect(lengthOfPath(grid, way, 'one')).toBeGreaterThanOrEqual(lengthOfPath(grid, [first, last], 'one'))
        },
      ),
    )
  })

  it('of one place is nothing', () => {
    expect(lengthOfPath(grid, [at(1, 1)], 'one')).toBe(0)
  })
})

describe('two tokens', () => {
  it.each([
    ['side by side', at(0, 0), 1, at(1, 0), 1, 1],
    ['corner to corner', at(0, 0), 1, at(1, 1), 1, 1],
    ['with a cell between them', at(0, 0), 1, at(2, 0), 1, 2],
    ['on the same cell', at(0, 0), 1, at(0, 0), 1, 0],
    ['of which one is large', { x: 74, y: 84 }, 2, at(2, 0), 1, 1],
  ])('%s are as many cells apart', (_name, one, cells, other, otherCells, apart) => {
    expect(cellsApart(grid, { centre: one, cells }, { centre: other, cells: otherCells })).toBe(apart)
  })

  it('that are large cover cells around their centre', () => {
    const centre = { x: 74, y: 84 }
    const cells = cellsOfToken(grid, centre, 2).map((place) => cellAt(grid, place))
    expect(cells).toEqual([0, 1].flatMap((row) => [0, 1].map((column) => ({ column, row }))))
  })
})

describe('an area', () => {
  const tip = at(0, 0)
  const areas: [string, Area, number][] = [
    ['circle of 10 ft', { kind: 'circle', centre: { x: 74, y: 84 }, radius: 128 }, 12],
    ['square of 15 ft', { kind: 'square', centre: at(1, 1), side: 192 }, 9],
    ['line of 30 ft to the right', { kind: 'line', from: tip, direction: 0, length: 384, width: 64 }, 7],
    ['cone of 15 ft to the right', { kind: 'cone', tip, direction: 0, length: 192 }, 6],
  ]
  it.each(areas)('%s holds as many cells as on paper', (_name, area, count) => {
    const cells = Array.from({ length: 21 * 21 }, (_none, place) => at((place % 21) - 10, Math.floor(place / 21) - 10))
    expect(cells.filter((centre) => holds(area, centre))).toHaveLength(count)
  })

  it('turns with its direction', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -7, max: 7, noNaN: true }),
        fc.double({ min: 1, max: 180, noNaN: true }),
        (direction, ahead) => {
          const place = { x: tip.x + Math.cos(direction) * ahead, y: tip.y + Math.sin(direction) * ahead }
          expect(holds({ kind: 'cone', tip, direction, length: 192 }, place)).toBe(true)
          expect(holds({ kind: 'cone', tip, direction: direction + Math.PI, length: 192 }, place)).toBe(false)
          expect(holds({ kind: 'line', from: tip, direction, length: 192, width: 8 }, place)).toBe(true)
        },
      ),
    )
  })

  it('has a large token inside where one of its cells is', () => {
    const area: Area = { kind: 'circle', centre: at(0, 0), radius: 10 }
    expect(isTokenInside(grid, area, { x: 74, y: 84 }, 2)).toBe(true)
    expect(isTokenInside(grid, area, at(2, 2), 1)).toBe(false)
  })
})
