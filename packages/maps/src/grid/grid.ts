import { distance, type Point } from '../point.ts'

/**
 * How a map is divided. Without cells, places are free, and `size` is the length in pixels that `scale` stands for.
 */
export type Grid = {
  readonly kind: 'square' | 'none'
  /** The side of a cell, in pixels of the picture. */
  readonly size: number
  /** The corner of the first cell, in pixels. */
  readonly offset: Point
  /** Length of a cell in the game, such as 5. */
  readonly scale: number
  /** Of `scale`, such as “ft”. */
  readonly unit: string
}

/** Counted from 0. */
export type Cell = { readonly column: number; readonly row: number }

export const cellAt = ({ size, offset }: Grid, { x, y }: Point): Cell => ({
  column: Math.floor((x - offset.x) / size),
  row: Math.floor((y - offset.y) / size),
})

export const centreOfCell = ({ size, offset }: Grid, { column, row }: Cell): Point => ({
  x: offset.x + (column + 0.5) * size,
  y: offset.y + (row + 0.5) * size,
})

/**
 * The nearest centre for a token of this many cells a side: a token of an odd number sits in a cell, one of an even number on a crossing.
 * Tokens smaller than a cell sit in its quarters. Without cells the place stays.
 */
export function snapped(grid: Grid, { x, y }: Point, cells = 1): Point {
  if (grid.kind === 'none') return { x, y }
  const step = cells < 1 ? grid.size * cells : grid.size
  const shift = cells < 1 || Math.round(cells) % 2 === 1 ? step / 2 : 0
  const along = (value: number, offset: number) => offset + shift + Math.round((value - offset - shift) / step) * step
  return { x: along(x, grid.offset.x), y: along(y, grid.offset.y) }
}

/** Centres of the cells that a token covers. Without cells its own centre. */
export function cellsOfToken(grid: Grid, centre: Point, cells: number): Point[] {
  if (grid.kind === 'none' || cells <= 1) return [centre]
  const first = -(cells - 1) / 2
  const steps = Array.from({ length: Math.round(cells) }, (_none, place) => (first + place) * grid.size)
  return steps.flatMap((y) => steps.map((x) => ({ x: centre.x + x, y: centre.y + y })))
}

/** How a diagonal step counts: as one cell, as one and two in turn over the whole path, or as long as it is. */
export type Diagonals = 'one' | 'one-and-two' | 'exact'

/** The length of a path over its points, in the grid's unit. Without cells, and with `exact`, as the crow flies. */
export function lengthOfPath(grid: Grid, path: readonly Point[], diagonals: Diagonals): number {
  let [straight, diagonal, exact] = [0, 0, 0]
  path.forEach((to, place) => {
    const from = path[place - 1] ?? to
    exact += distance(from, to)
    const [start, end] = [cellAt(grid, from), cellAt(grid, to)]
    const [across, down] = [Math.abs(end.column - start.column), Math.abs(end.row - start.row)]
    diagonal += Math.min(across, down)
    straight += Math.abs(across - down)
  })
  if (grid.kind === 'none' || diagonals === 'exact') return (exact / grid.size) * grid.scale
  const cells = straight + diagonal + (diagonals === 'one-and-two' ? Math.floor(diagonal / 2) : 0)
  return cells * grid.scale
}

/** Cells between two tokens from edge to edge: 1 where they stand next to each other, 0 where they overlap. */
export function cellsApart(grid: Grid, one: Token, other: Token): number {
  const reach = ((one.cells + other.cells) / 2) * grid.size
  const gap = Math.max(Math.abs(one.centre.x - other.centre.x), Math.abs(one.centre.y - other.centre.y)) - reach
  return Math.max(0, Math.round(gap / grid.size) + 1)
}

type Token = { centre: Point; cells: number }
