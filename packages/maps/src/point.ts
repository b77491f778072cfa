/** A place on a map, in pixels of its picture: x to the right, y down. */
export type Point = { readonly x: number; readonly y: number }

/** Of a map's picture, in pixels. */
export type MapSize = { readonly width: number; readonly height: number }

/** A straight line between two places. */
export type Segment = { readonly a: Point; readonly b: Point }

export const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y)

/** The distance of a place from the nearest point of a segment. */
export function distanceToSegment({ x, y }: Point, { a, b }: Segment): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const lengthSquared = dx * dx + dy * dy
  const along = lengthSquared === 0 ? 0 : Math.max(0, Math.min(1, ((x - a.x) * dx + (y - a.y) * dy) / lengthSquared))
  return Math.hypot(x - (a.x + along * dx), y - (a.y + along * dy))
}
