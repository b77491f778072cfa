import type { AreaShape } from '@tablecast/contracts'
import type { Point } from '@tablecast/maps/grid'

/** Points of the round end of a cone. */
const ARC = 12
/** A cone is as wide at each distance from its tip as that distance. */
const HALF_ANGLE = Math.atan(0.5)

/** The corners of an area with straight sides. The end of a cone is round. */
export function outlineOf(shape: Exclude<AreaShape, { kind: 'circle' }>): Point[] {
  switch (shape.kind) {
    case 'square': {
      const { centre, side } = shape
      const half = side / 2
      return [
        { x: centre.x - half, y: centre.y - half },
        { x: centre.x + half, y: centre.y - half },
        { x: centre.x + half, y: centre.y + half },
        { x: centre.x - half, y: centre.y + half },
      ]
    }
    case 'cone': {
      const { tip, direction, length } = shape
      const arc = Array.from({ length: ARC + 1 }, (_, at) =>
        away(tip, direction + HALF_ANGLE * ((2 * at) / ARC - 1), length),
      )
      return [tip, ...arc]
    }
    case 'line': {
      const { from, direction, length, width } = shape
      const end = away(from, direction, length)
      const side = (place: Point, half: number) => away(place, direction + Math.PI / 2, half)
      return [side(from, width / 2), side(end, width / 2), side(end, -width / 2), side(from, -width / 2)]
    }
  }
}

const away = ({ x, y }: Point, direction: number, length: number): Point => ({
  x: x + Math.cos(direction) * length,
  y: y + Math.sin(direction) * length,
})
