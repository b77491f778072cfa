// Cells of six sides. Those of `hex-rows` stand on a corner, and every second row is half a cell to the right; those of `hex-columns` lie on a
// side, and every second column is half a cell down: the same with x and y exchanged. Source: https://www.redblobgames.com/grids/hexagons/
import { distance, type Point } from '../point.ts'
import type { Cell, Grid } from './shape.ts'

export type HexGrid = Grid & { readonly kind: 'hex-rows' | 'hex-columns' }

export const isHex = (grid: Grid): grid is HexGrid => grid.kind === 'hex-rows' || grid.kind === 'hex-columns'

/** From one row to the next, in widths of a cell. */
export const ROW_STEP = Math.sqrt(3) / 2
/** From the middle of a cell to its corners, in widths of a cell. */
export const CORNER = 1 / Math.sqrt(3)
/** Rounding must not take out a cell on the border. */
const TOLERANCE = 1e-6

const isOdd = (row: number): boolean => Math.abs(row) % 2 === 1

/** Runs what is written for rows on a grid of columns, too. */
function asRows<T>(grid: HexGrid, { x, y }: Point, work: (offset: Point, place: Point) => T): T {
  const { offset } = grid
  return grid.kind === 'hex-rows' ? work(offset, { x, y }) : work({ x: offset.y, y: offset.x }, { x: y, y: x })
}

const placeOf = ({ kind }: HexGrid, { x, y }: Point): Point => (kind === 'hex-rows' ? { x, y } : { x: y, y: x })
const cellOf = ({ kind }: HexGrid, { column, row }: Cell): Cell =>
  kind === 'hex-rows' ? { column, row } : { column: row, row: column }

const centreInRows = (size: number, offset: Point, { column, row }: Cell): Point => ({
  x: offset.x + (column + (isOdd(row) ? 1 : 0.5)) * size,
  y: offset.y + (CORNER + row * ROW_STEP) * size,
})

export function centreOfHex(grid: HexGrid, cell: Cell): Point {
  const { size, offset } = grid
  const from = grid.kind === 'hex-rows' ? offset : { x: offset.y, y: offset.x }
  return placeOf(grid, centreInRows(size, from, cellOf(grid, cell)))
}

/** The cell whose centre is nearest. */
export function hexAt(grid: HexGrid, place: Point): Cell {
  return asRows(grid, place, (offset, at) => {
    const above = Math.floor(((at.y - offset.y) / grid.size - CORNER) / ROW_STEP)
    const cells = [above, above + 1].map((row): Cell => {
      const column = Math.round((at.x - offset.x) / grid.size - (isOdd(row) ? 1 : 0.5))
      return { column, row }
    })
    const far = (cell: Cell) => distance(centreInRows(grid.size, offset, cell), at)
    const nearest = cells.reduce((best, cell) => (far(cell) < far(best) ? cell : best))
    return cellOf(grid, nearest)
  })
}

/** The nearest centre of a cell for a token of an odd number of cells or a small one, and the nearest corner for one of an even number. */
export function snappedToHex(grid: HexGrid, place: Point, cells: number): Point {
  const cell = hexAt(grid, place)
  const centre = centreOfHex(grid, cell)
  if (cells < 1 || Math.round(cells) % 2 === 1) return centre
  const corners = Array.from({ length: 6 }, (_none, n) => {
    const [ahead, aside] = [Math.cos((n * Math.PI) / 3), Math.sin((n * Math.PI) / 3)]
    const corner = placeOf(grid, { x: aside * CORNER * grid.size, y: ahead * CORNER * grid.size })
    return { x: centre.x + corner.x, y: centre.y + corner.y }
  })
  return corners.reduce((best, corner) => (distance(corner, place) < distance(best, place) ? corner : best))
}

/** Those whose centres are within half of the token's width: 1, 3, 7, 12 cells for tokens of 1 to 4. */
export function hexesOfToken(grid: HexGrid, centre: Point, cells: number): Point[] {
  if (cells <= 1) return [centre]
  const reach = (cells / 2) * grid.size + TOLERANCE
  const rings = Math.ceil(cells / 2) + 1
  const middle = hexAt(grid, centre)
  const found: Point[] = []
  for (let row = -rings; row <= rings; row++)
    for (let column = -rings; column <= rings; column++) {
      const place = centreOfHex(grid, { column: middle.column + column, row: middle.row + row })
      if (distance(place, centre) <= reach) found.push(place)
    }
  return found
}

/** Steps from cell to cell. */
export function hexSteps(grid: HexGrid, from: Point, to: Point): number {
  const [start, end] = [from, to].map((place) => axial(cellOf(grid, hexAt(grid, place))))
  const [across, down] = [(end?.across ?? 0) - (start?.across ?? 0), (end?.down ?? 0) - (start?.down ?? 0)]
  return Math.max(Math.abs(across), Math.abs(down), Math.abs(across + down))
}

const axial = ({ column, row }: Cell): { across: number; down: number } => ({
  across: column - (row - (isOdd(row) ? 1 : 0)) / 2,
  down: row,
})

/** The place one cell on. Between two neighbours it takes turns, so that many steps lead straight on. */
export function hexBeside(grid: HexGrid, place: Point, [across, down]: readonly [number, number]): Point {
  const along = placeOf(grid, { x: across, y: down })
  const row = cellOf(grid, hexAt(grid, place)).row
  const step = along.y === 0 ? { x: along.x, y: 0 } : { x: isOdd(row) ? -0.5 : 0.5, y: along.y * ROW_STEP }
  const { x, y } = placeOf(grid, step)
  return { x: place.x + x * grid.size, y: place.y + y * grid.size }
}
