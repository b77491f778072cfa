import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distance, type Point } from '../point.ts'
import {
  areNeighbours,
  beside,
  cellAt,
  cellsApart,
  cellsOfToken,
  centreOfCell,
  lengthOfPath,
  sizeOfCells,
  snapped,
} from './grid.ts'
import { CORNER } from './hexagons.ts'
import type { Grid } from './shape.ts'

const rows: Grid = { kind: 'hex-rows', size: 64, offset: { x: 10, y: 20 }, scale: 5, unit: 'ft' }
const columns: Grid = { ...rows, kind: 'hex-columns', offset: { x: 20, y: 10 } }
const number = fc.integer({ min: -60, max: 60 })
const coordinate = fc.double({ min: -3_000, max: 3_000, noNaN: true })
const places = fc.record({ x: coordinate, y: coordinate })
const steps: readonly (readonly [number, number])[] = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
]

describe.each([
  ['in rows', rows],
  ['in columns', columns],
])('a grid of hexagons %s', (_name, grid) => {
  it('has each centre in its own cell, and six neighbours as far away as a cell is wide', () => {
    fc.assert(
      fc.property(number, number, (column, row) => {
        const centre = centreOfCell(grid, { column, row })
        expect(cellAt(grid, centre)).toEqual({ column, row })
        const around = Array.from({ length: 9 }, (_none, n) =>
          centreOfCell(grid, { column: column + (n % 3) - 1, row: row + Math.floor(n / 3) - 1 }),
        )
        expect(around.filter((other) => Math.abs(distance(centre, other) - grid.size) < 1e-6)).toHaveLength(6)
      }),
    )
  })

  it('has every place in the cell whose centre is nearest', () => {
    fc.assert(
      fc.property(places, (place) => {
        const cell = cellAt(grid, place)
        const far = distance(place, centreOfCell(grid, cell))
        expect(far).toBeLessThanOrEqual(CORNER * grid.size + 1e-6)
        for (let n = 0; n < 25; n++) {
          const other = { column: cell.column + (n % 5) - 2, row: cell.row + Math.floor(n / 5) - 2 }
          expect(distance(place, centreOfCell(grid, other))).toBeGreaterThanOrEqual(far - 1e-6)
        }
      }),
    )
  })

  it('counts a step to a neighbour once, the same way back, and no way longer than over another place', () => {
    fc.assert(
      fc.property(places, places, places, (one, other, third) => {
        const far = (from: Point, to: Point) => lengthOfPath(grid, [from, to], 'one')
        expect(far(one, other)).toBe(far(other, one))
        expect(far(one, other)).toBeLessThanOrEqual(far(one, third) + far(third, other))
        expect(lengthOfPath(grid, [one, other], 'one-and-two')).toBe(far(one, other))
        for (const step of steps) {
          const next = beside(grid, snapped(grid, one, 1), step)
          expect(far(one, next)).toBe(5)
          expect(areNeighbours(grid, one, next)).toBe(true)
        }
      }),
    )
  })

  it('leads an arrow’s steps straight on, and back to where they began', () => {
    const start = snapped(grid, { x: 500, y: 500 }, 1)
    for (const step of steps) {
      const back = [-step[0], -step[1]] as const
      let place: Point = start
      for (let n = 0; n < 8; n++) place = snapped(grid, beside(grid, place, step), 1)
      const [across, down] = [place.x - start.x, place.y - start.y]
      // To the side by half a cell at most.
      expect(Math.min(Math.abs(across), Math.abs(down))).toBeLessThanOrEqual(grid.size / 2 + 1e-6)
      for (let n = 0; n < 8; n++) place = snapped(grid, beside(grid, place, back), 1)
      expect(distance(place, start)).toBeLessThan(1e-6)
    }
  })

  it('gives tokens of one to four cells a side 1, 3, 7 and 12 cells, wherever they are snapped', () => {
    fc.assert(
      fc.property(places, (place) => {
        const counts = [1, 2, 3, 4].map((cells) => cellsOfToken(grid, snapped(grid, place, cells), cells).length)
        expect(counts).toEqual([1, 3, 7, 12])
        for (const cells of [0.5, 1, 2, 3]) {
          const once = snapped(grid, place, cells)
          expect(distance(snapped(grid, once, cells), once)).toBeLessThan(1e-6)
        }
      }),
    )
  })

  it('has tokens side by side where one step leads from a cell of one to a cell of the other', () => {
    const centre = centreOfCell(grid, { column: 5, row: 5 })
    const token = (place: Point, cells: number) => ({ centre: place, cells })
    const next = beside(grid, centre, [1, 0])
    const farther = snapped(grid, beside(grid, next, [1, 0]), 1)
    expect(cellsApart(grid, token(centre, 1), token(centre, 1))).toBe(0)
    expect(cellsApart(grid, token(centre, 1), token(next, 1))).toBe(1)
    expect(cellsApart(grid, token(centre, 1), token(farther, 1))).toBe(2)
    expect(cellsApart(grid, token(centre, 3), token(farther, 1))).toBe(1)
  })

  it('fits into a map that is made for its cells', () => {
    const from = { ...grid, offset: { x: 0, y: 0 } }
    const size = sizeOfCells(grid.kind, 64, { columns: 7, rows: 5 })
    const centres = Array.from({ length: 35 }, (_none, n) =>
      centreOfCell(from, { column: n % 7, row: Math.floor(n / 7) }),
    )
    const [half, corner] = [grid.size / 2, CORNER * grid.size]
    const [wide, high] = grid.kind === 'hex-rows' ? [half, corner] : [corner, half]
    expect(Math.min(...centres.map(({ x }) => x))).toBeCloseTo(wide)
    expect(Math.min(...centres.map(({ y }) => y))).toBeCloseTo(high)
    expect(Math.ceil(Math.max(...centres.map(({ x }) => x)) + wide - 1e-6)).toBe(size.width)
    expect(Math.ceil(Math.max(...centres.map(({ y }) => y)) + high - 1e-6)).toBe(size.height)
  })
})
