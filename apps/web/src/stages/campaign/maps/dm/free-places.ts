// Places for new tokens: the free cells nearest to the middle of the part in view.
import { cellAt, cellsOfToken, centreOfCell, type Grid, type Point, snapped } from '@tablecast/maps/grid'

type Standing = { x: number; y: number; size: number }

/** `sizes`: of the new tokens, in cells a side. */
export function freePlaces(
  grid: Grid,
  middle: Point,
  sizes: readonly number[],
  standing: readonly Standing[],
): Point[] {
  const cells = grid.kind === 'none' ? { ...grid, kind: 'square' as const } : grid
  const taken = new Set(standing.flatMap((token) => keysOf(cells, token, token.size)))
  return sizes.map((size) => {
    const place = nearestFree(cells, middle, size, taken)
    for (const key of keysOf(cells, place, size)) taken.add(key)
    return { x: Math.round(place.x), y: Math.round(place.y) }
  })
}

const MOST_RINGS = 40

function nearestFree(grid: Grid, middle: Point, size: number, taken: ReadonlySet<string>): Point {
  const centre = cellAt(grid, middle)
  for (let ring = 0; ring <= MOST_RINGS; ring++)
    for (let row = -ring; row <= ring; row++)
      for (let column = -ring; column <= ring; column++) {
        if (Math.max(Math.abs(row), Math.abs(column)) !== ring) continue
        const cell = centreOfCell(grid, { column: centre.column + column, row: centre.row + row })
        const place = snapped(grid, cell, size)
        if (keysOf(grid, place, size).every((key) => !taken.has(key))) return place
      }
  return snapped(grid, middle, size)
}

const keysOf = (grid: Grid, centre: Point, size: number): string[] =>
  cellsOfToken(grid, centre, size).map((place) => {
    const { column, row } = cellAt(grid, place)
    return `${column} ${row}`
  })
