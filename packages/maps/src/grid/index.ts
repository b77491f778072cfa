// The grid of a map: cells, distances, and areas of effects.
export { holds, isTokenInside } from './areas.ts'
export {
  cellAt,
  cellsApart,
  cellsOfToken,
  centreOfCell,
  type Diagonals,
  type Grid,
  lengthOfPath,
  snapped,
} from './grid.ts'
export type { MapSize, Point, Segment } from '../point.ts'
