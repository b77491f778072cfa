// Areas of effects that are laid on a map: spells, breath, blasts.
import { distance, type Point } from '../point.ts'
import { cellsOfToken } from './grid.ts'
import type { Grid } from './shape.ts'

/** Lengths in pixels, directions in radians from the right, clockwise. */
export type Area =
  | { readonly kind: 'circle'; readonly centre: Point; readonly radius: number }
  /** As wide at each distance from its tip as that distance. */
  | { readonly kind: 'cone'; readonly tip: Point; readonly direction: number; readonly length: number }
  | {
      readonly kind: 'line'
      readonly from: Point
      readonly direction: number
      readonly length: number
      readonly width: number
    }
  | { readonly kind: 'square'; readonly centre: Point; readonly side: number }

/** Rounding must not take out a place on the border. */
const TOLERANCE = 1e-6

/** Whether an area holds a place. The border belongs to it. */
export function holds(area: Area, place: Point): boolean {
  switch (area.kind) {
    case 'circle':
      return distance(area.centre, place) <= area.radius + TOLERANCE
    case 'square': {
      const half = area.side / 2 + TOLERANCE
      return Math.abs(place.x - area.centre.x) <= half && Math.abs(place.y - area.centre.y) <= half
    }
    case 'cone': {
      const { ahead, aside } = turned(area.tip, area.direction, place)
      return (
        ahead >= -TOLERANCE &&
        Math.hypot(ahead, aside) <= area.length + TOLERANCE &&
        Math.abs(aside) <= ahead / 2 + TOLERANCE
      )
    }
    case 'line': {
      const { ahead, aside } = turned(area.from, area.direction, place)
      return ahead >= -TOLERANCE && ahead <= area.length + TOLERANCE && Math.abs(aside) <= area.width / 2 + TOLERANCE
    }
  }
}

/** Whether a token stands inside: the centre of one of its cells is. */
export const isTokenInside = (grid: Grid, area: Area, centre: Point, cells: number): boolean =>
  cellsOfToken(grid, centre, cells).some((place) => holds(area, place))

/** A place as seen from another that looks in a direction. */
function turned(from: Point, direction: number, { x, y }: Point): { ahead: number; aside: number } {
  const [dx, dy] = [x - from.x, y - from.y]
  const [cos, sin] = [Math.cos(direction), Math.sin(direction)]
  return { ahead: dx * cos + dy * sin, aside: dy * cos - dx * sin }
}
