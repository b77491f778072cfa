// The way of a token that a person moves: the cells that it passes, from where it stands.
import { areNeighbours, beside, cellAt, type Grid, type Point, snapped } from '@tablecast/maps/grid'

/** The most places of a way that the server takes. */
const MOST = 100
/** Keys of the arrows, as steps in cells. */
const steps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/**
 * The way with one more place. Back over a place that it has passed, it forgets the loop. Without cells it is a straight line. `way` begins with
 * the place where the token stands.
 */
export function wayTo(grid: Grid, way: readonly Point[], to: Point, size: number): readonly Point[] {
  const [start] = way
  if (!start) return [to]
  if (grid.kind === 'none') return [start, to]
  const place = rounded(snapped(grid, to, size))
  const passed = way.findIndex((one) => isSameCell(grid, one, place))
  if (passed === 0) return [start]
  if (passed > 0) return [...way.slice(0, passed), place]
  return way.length > MOST ? [start, place] : [...way, place]
}

/**
 * The way without a corner that its last step makes useless: a pointer that moves diagonally touches the cells beside the diagonal.
 */
export function withoutCorner(grid: Grid, way: readonly Point[]): readonly Point[] {
  const [before, last] = [way.at(-3), way.at(-1)]
  if (grid.kind === 'none' || !before || !last) return way
  return areNeighbours(grid, before, last) ? [...way.slice(0, -2), last] : way
}

/** The way after a key of an arrow; null for other keys. */
export function wayByKey(grid: Grid, way: readonly Point[], key: string, size: number): readonly Point[] | null {
  const step = steps[key]
  const last = way.at(-1)
  if (!step || !last) return null
  const to = beside(grid, last, step, size)
  return grid.kind === 'none' ? [...way.slice(0, 1), rounded(to)] : wayTo(grid, way, to, size)
}

/** Small tokens share a cell, so a place counts as the same only near its centre. */
const isSameCell = (grid: Grid, one: Point, other: Point): boolean => {
  const [a, b] = [cellAt(grid, one), cellAt(grid, other)]
  return a.column === b.column && a.row === b.row && Math.hypot(one.x - other.x, one.y - other.y) < grid.size / 8
}

/** Maps have whole pixels. */
const rounded = ({ x, y }: Point): Point => ({ x: Math.round(x), y: Math.round(y) })
