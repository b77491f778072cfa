import { distance, type MapSize, type Point } from '../point.ts'
import {
  centreOfHex,
  CORNER,
  hexAt,
  hexBeside,
  hexesOfToken,
  hexSteps,
  isHex,
  ROW_STEP,
  snappedToHex,
} from './hexagons.ts'
import type { Cell, Grid } from './shape.ts'

export function cellAt(grid: Grid, { x, y }: Point): Cell {
  if (isHex(grid)) return hexAt(grid, { x, y })
  const { size, offset } = grid
  return { column: Math.floor((x - offset.x) / size), row: Math.floor((y - offset.y) / size) }
}

export function centreOfCell(grid: Grid, { column, row }: Cell): Point {
  if (isHex(grid)) return centreOfHex(grid, { column, row })
  const { size, offset } = grid
  return { x: offset.x + (column + 0.5) * size, y: offset.y + (row + 0.5) * size }
}

/** The size in pixels, rounded up, of a map that has this many cells of a size. */
export function sizeOfCells(kind: Grid['kind'], size: number, { columns, rows }: Cells): MapSize {
  const along = (cells: number) => Math.ceil((cells + 0.5) * size)
  const across = (lines: number) => Math.ceil(((lines - 1) * ROW_STEP + 2 * CORNER) * size)
  if (kind === 'hex-rows') return { width: along(columns), height: across(rows) }
  if (kind === 'hex-columns') return { width: across(columns), height: along(rows) }
  return { width: columns * size, height: rows * size }
}

type Cells = { columns: number; rows: number }

/** The place one cell on, to the right or left (`across`) or down or up. Tokens smaller than a cell make smaller steps in squares. */
export function beside(grid: Grid, place: Point, step: readonly [across: number, down: number], cells = 1): Point {
  if (isHex(grid)) return hexBeside(grid, place, step)
  const length = cells < 1 ? grid.size * cells : grid.size
  return { x: place.x + step[0] * length, y: place.y + step[1] * length }
}

/** Whether two places belong to the same cell or to neighbours. */
export function areNeighbours(grid: Grid, one: Point, other: Point): boolean {
  if (isHex(grid)) return hexSteps(grid, one, other) <= 1
  return Math.max(Math.abs(one.x - other.x), Math.abs(one.y - other.y)) < grid.size * 1.5
}

/**
 * The nearest centre for a token of this many cells a side: a token of an odd number sits in a cell, one of an even number on a crossing.
 * Tokens smaller than a square cell sit in its quarters. Without cells the place stays.
 */
export function snapped(grid: Grid, { x, y }: Point, cells = 1): Point {
  if (grid.kind === 'none') return { x, y }
  if (isHex(grid)) return snappedToHex(grid, { x, y }, cells)
  const step = cells < 1 ? grid.size * cells : grid.size
  const shift = cells < 1 || Math.round(cells) % 2 === 1 ? step / 2 : 0
  const along = (value: number, offset: number) => offset + shift + Math.round((value - offset - shift) / step) * step
  return { x: along(x, grid.offset.x), y: along(y, grid.offset.y) }
}

/** Centres of the cells that a token covers. Without cells its own centre. */
export function cellsOfToken(grid: Grid, centre: Point, cells: number): Point[] {
  if (grid.kind === 'none' || cells <= 1) return [centre]
  if (isHex(grid)) return hexesOfToken(grid, centre, cells)
  const first = -(cells - 1) / 2
  const steps = Array.from({ length: Math.round(cells) }, (_none, place) => (first + place) * grid.size)
  return steps.flatMap((y) => steps.map((x) => ({ x: centre.x + x, y: centre.y + y })))
}

/** How a diagonal step counts: as one cell, as one and two in turn over the whole path, or as long as it is. */
export type Diagonals = 'one' | 'one-and-two' | 'exact'

/** The length of a path over its points, in the grid's unit. Without cells, and with `exact`, as the crow flies. Hexagons have no diagonals. */
export function lengthOfPath(grid: Grid, path: readonly Point[], diagonals: Diagonals): number {
  if (isHex(grid) && diagonals !== 'exact') {
    const steps = path.reduce((sum, to, place) => sum + hexSteps(grid, path[place - 1] ?? to, to), 0)
    return steps * grid.scale
  }
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
  if (isHex(grid)) {
    const cells = hexesOfToken(grid, one.centre, one.cells)
    const others = hexesOfToken(grid, other.centre, other.cells)
    return Math.min(...cells.flatMap((from) => others.map((to) => hexSteps(grid, from, to))))
  }
  const reach = ((one.cells + other.cells) / 2) * grid.size
  const gap = Math.max(Math.abs(one.centre.x - other.centre.x), Math.abs(one.centre.y - other.centre.y)) - reach
  return Math.max(0, Math.round(gap / grid.size) + 1)
}

type Token = { centre: Point; cells: number }
