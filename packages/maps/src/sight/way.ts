import { FOG_BLOCK, type Fog, isRevealed } from '../fog/fog.ts'
import { rowsOf } from '../fog/rows-of-segment.ts'
import type { Point, Segment } from '../point.ts'

/**
 * Whether a way leads only through blocks that are seen, and touches no wall or closed door. A player's move along another way is refused
 * with one answer, so that it reveals nothing. A way of one place stays there.
 */
export function isWayOpen(way: readonly Point[], seen: Fog, barriers: readonly Segment[]): boolean {
  return way.every((b, place) => {
    const step = { a: way[place - 1] ?? b, b }
    return isStepSeen(step, seen) && !barriers.some((barrier) => touch(step, barrier))
  })
}

function isStepSeen(step: Segment, seen: Fog): boolean {
  const { a, b } = step
  const isInside = ({ x, y }: Point) => x >= 0 && y >= 0 && x < seen.size.width && y < seen.size.height
  if (!isInside(a) || !isInside(b)) return false
  return rowsOf(step, seen.rows, true).every(({ row, from, to }) => {
    for (let column = Math.floor(from / FOG_BLOCK); column <= Math.floor(to / FOG_BLOCK); column++)
      if (!isRevealed(seen, column, row)) return false
    return true
  })
}

/** Whether two segments have a point in common. */
function touch(one: Segment, other: Segment): boolean {
  const turns = [turn(one, other.a), turn(one, other.b), turn(other, one.a), turn(other, one.b)] as const
  if (turns[0] * turns[1] < 0 && turns[2] * turns[3] < 0) return true
  return (
    (turns[0] === 0 && isWithin(one, other.a)) ||
    (turns[1] === 0 && isWithin(one, other.b)) ||
    (turns[2] === 0 && isWithin(other, one.a)) ||
    (turns[3] === 0 && isWithin(other, one.b))
  )
}

/** Above 0 to the one side of a segment, below to the other, 0 on its line. */
const turn = ({ a, b }: Segment, { x, y }: Point): number =>
  Math.sign((b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x))

/** For a point on the segment's line. */
const isWithin = ({ a, b }: Segment, { x, y }: Point): boolean =>
  x >= Math.min(a.x, b.x) && x <= Math.max(a.x, b.x) && y >= Math.min(a.y, b.y) && y <= Math.max(a.y, b.y)
