// The grid of a map: cells, distances, and areas of effects.
export { holds, isTokenInside } from './areas.ts'
export {
  areNeighbours,
  beside,
  cellAt,
  cellsApart,
  cellsOfToken,
  centreOfCell,
  type Diagonals,
  lengthOfPath,
  sizeOfCells,
  snapped,
} from './grid.ts'
export type { Grid } from './shape.ts'
export { CORNER, isHex } from './hexagons.ts'
export type { MapSize, Point, Segment } from '../point.ts'
