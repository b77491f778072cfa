// The sight of tokens. It is computed on the server, because a player's page never gets a wall.
import { FOG_BLOCK, type Fog, hiddenFog, isRevealed, revealRow } from '../fog/fog.ts'
import type { MapSize, Point, Segment } from '../point.ts'
import { WallsAround } from './walls-around.ts'

/** Lengths in pixels of the picture. */
export type Viewer = {
  readonly at: Point
  /** How far it sees without light. */
  readonly darkvision: number
}

export type Light = {
  readonly at: Point
  /** To the end of its dim light. */
  readonly reach: number
}

export type Door = Segment & { readonly isOpen: boolean }

export type Surroundings = {
  readonly size: MapSize
  readonly walls: readonly Segment[]
  readonly doors: readonly Door[]
  readonly lights: readonly Light[]
  /** Then everything in line of sight is seen without lights. */
  readonly isDaylight: boolean
  /** Nobody sees farther than this, in pixels. */
  readonly farthest: number
}

/** Walls and closed doors. */
export const barriersOf = ({ walls, doors }: Surroundings): Segment[] => [
  ...walls,
  ...doors.filter(({ isOpen }) => !isOpen),
]

/** The blocks that at least one viewer sees: each wholly in line of sight, and lit or within darkvision. */
export function seenBy(viewers: readonly Viewer[], surroundings: Surroundings): Fog {
  const { size, lights, isDaylight, farthest } = surroundings
  const barriers = barriersOf(surroundings)
  const seen = hiddenFog(size)
  if (viewers.length === 0) return seen
  const lit = hiddenFog(size)
  if (!isDaylight) for (const { at, reach } of lights) addInSight(lit, { from: at, reach, barriers })
  for (const { at, darkvision } of viewers) {
    const around = new WallsAround(at, farthest, barriers)
    addInSight(seen, { from: at, reach: isDaylight ? farthest : Math.min(darkvision, farthest), around })
    if (!isDaylight) addInSight(seen, { from: at, reach: farthest, around, only: lit })
  }
  return seen
}

type Look = { from: Point; reach: number; only?: Fog } & ({ around: WallsAround } | { barriers: readonly Segment[] })

/** Adds the blocks in sight to those that are known. `only` limits them. */
function addInSight(known: Fog, look: Look): void {
  const { from, reach, only } = look
  const around = 'around' in look ? look.around : new WallsAround(from, reach, look.barriers)
  if (around.isInWall || reach <= 0) return
  const { columns, rows, size } = known
  const [left, right] = within(from.x, reach, columns)
  const [top, bottom] = within(from.y, reach, rows)
  for (let row = top; row < bottom; row++) {
    const [y, endY] = [row * FOG_BLOCK, Math.min((row + 1) * FOG_BLOCK, size.height)]
    for (let column = left; column < right; column++) {
      if (isRevealed(known, column, row) || (only && !isRevealed(only, column, row))) continue
      const [x, endX] = [column * FOG_BLOCK, Math.min((column + 1) * FOG_BLOCK, size.width)]
      if (around.isInSight(x, y, endX, endY, reach)) revealRow(known, row, column, column + 1)
    }
  }
}

/** The blocks of an axis that are near enough: the first, and the one after the last. */
const within = (at: number, reach: number, count: number): [number, number] => [
  Math.max(0, Math.floor((at - reach) / FOG_BLOCK)),
  Math.min(count, Math.ceil((at + reach) / FOG_BLOCK)),
]
