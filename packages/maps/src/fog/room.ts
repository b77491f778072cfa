import type { MapSize, Point, Segment } from '../point.ts'
import { FOG_BLOCK, type Fog, hiddenFog, isRevealed, revealRow } from './fog.ts'
import { rowsOf } from './rows-of-segment.ts'

/**
 * The blocks of the room around a place: those that are reached from it over sides of blocks without crossing one that a wall touches. A wall along the border of two blocks touches
 * the one to the right of it or below.
 * Empty if the place is outside the map or in a wall.
 */
export function roomAround({ x, y }: Point, walls: readonly Segment[], size: MapSize): Fog {
  const walled = hiddenFog(size)
  for (const wall of walls)
    for (const { row, from, to } of rowsOf(wall, walled.rows, true))
      revealRow(walled, row, Math.floor(from / FOG_BLOCK), Math.floor(to / FOG_BLOCK) + 1)
  const room = hiddenFog(size)
  const open = (column: number, row: number) =>
    column >= 0 &&
    row >= 0 &&
    column < room.columns &&
    row < room.rows &&
    !isRevealed(walled, column, row) &&
    !isRevealed(room, column, row)
  const waiting: [column: number, row: number][] = [[Math.floor(x / FOG_BLOCK), Math.floor(y / FOG_BLOCK)]]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [column, row] = next
    if (!open(column, row)) continue
    revealRow(room, row, column, column + 1)
    waiting.push([column - 1, row], [column + 1, row], [column, row - 1], [column, row + 1])
  }
  return room
}
