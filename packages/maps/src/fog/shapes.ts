// Shapes that reveal or hide fog. A block belongs to a shape only if its part of the picture lies wholly inside, so that a stroke never
// shows more than was drawn.
import { distanceToSegment, type MapSize, type Point, type Segment } from '../point.ts'
import { FOG_BLOCK, type Fog, hiddenFog, revealRow } from './fog.ts'
import { rowsOf } from './rows-of-segment.ts'

/** Places and lengths in pixels of the picture. */
export type FogShape =
  | { readonly kind: 'rectangle'; readonly from: Point; readonly to: Point }
  /** Its edges may cross; inside is where a ray crosses an odd number of them. */
  | { readonly kind: 'polygon'; readonly points: readonly Point[] }
  /** A line that is drawn with a round brush. */
  | { readonly kind: 'brush'; readonly points: readonly Point[]; readonly radius: number }

/** The blocks of a shape, as a fog that reveals them alone. */
export function blocksOf(shape: FogShape, size: MapSize): Fog {
  switch (shape.kind) {
    case 'rectangle':
      return rectangle(shape.from, shape.to, size)
    case 'polygon':
      return polygon(shape.points, size)
    case 'brush':
      return brush(shape.points, shape.radius, size)
  }
}

function rectangle(from: Point, to: Point, size: MapSize): Fog {
  const blocks = hiddenFog(size)
  const [left, right] = blocksBetween(Math.min(from.x, to.x), Math.max(from.x, to.x), size.width)
  const [top, bottom] = blocksBetween(Math.min(from.y, to.y), Math.max(from.y, to.y), size.height)
  for (let row = top; row < bottom; row++) revealRow(blocks, row, left, right)
  return blocks
}

/** The first block that lies wholly between two places of an axis, and the one after the last. The picture's edge ends a block. */
function blocksBetween(from: number, to: number, length: number): [number, number] {
  const first = Math.max(0, Math.ceil(from / FOG_BLOCK))
  return [first, to >= length ? Math.ceil(length / FOG_BLOCK) : Math.max(first, Math.floor(to / FOG_BLOCK))]
}

function polygon(points: readonly Point[], size: MapSize): Fog {
  const blocks = hiddenFog(size)
  if (points.length < 3) return blocks
  const edges = edgesOf(points)
  const crossed = hiddenFog(size)
  for (const edge of edges) markCrossed(crossed, edge)
  for (let row = 0; row < blocks.rows; row++) {
    const y = centreOf(row, size.height)
    const xs = edges.flatMap((edge) => crossingAt(edge, y)).toSorted((one, other) => one - other)
    for (let pair = 0; pair + 1 < xs.length; pair += 2) {
      revealRow(blocks, row, ...blocksBetween(xs[pair] ?? 0, xs[pair + 1] ?? 0, size.width))
    }
  }
  const bits = blocks.bits.map((byte, at) => byte & ~(crossed.bits[at] ?? 0))
  return { ...blocks, bits }
}

/** The middle of a row's part of the picture. */
const centreOf = (row: number, height: number): number =>
  (row * FOG_BLOCK + Math.min((row + 1) * FOG_BLOCK, height)) / 2

const edgesOf = (points: readonly Point[]): Segment[] =>
  points.flatMap((a, place) => {
    const b = points[(place + 1) % points.length]
    return b ? [{ a, b }] : []
  })

function crossingAt({ a, b }: Segment, y: number): number[] {
  if (a.y <= y === b.y <= y) return []
  return [a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x)]
}

/** Marks each block whose inside a segment crosses. A segment along the border of two blocks crosses neither. */
function markCrossed(blocks: Fog, segment: Segment): void {
  for (const { row, from, to } of rowsOf(segment, blocks.rows))
    revealRow(blocks, row, Math.floor(from / FOG_BLOCK), Math.ceil(to / FOG_BLOCK))
}

function brush(points: readonly Point[], radius: number, size: MapSize): Fog {
  const blocks = hiddenFog(size)
  points.forEach((b, place) => addCapsule(blocks, { a: points[place - 1] ?? b, b }, radius))
  return blocks
}

/**
 * A capsule holds a block if it holds its four corners. It has no hollow, so its blocks in a row lie side by side: only the two ends of a
 * row are looked at.
 */
function addCapsule(blocks: Fog, segment: Segment, radius: number): void {
  const { a, b } = segment
  const { size } = blocks
  const isInside = (column: number, row: number) =>
    cornersOf(column, row, size).every((corner) => distanceToSegment(corner, segment) <= radius)
  const [top, bottom] = blocksBetween(Math.min(a.y, b.y) - radius, Math.max(a.y, b.y) + radius, size.height)
  for (let row = top; row < bottom; row++) {
    const span = spanOf(segment, radius, Math.min((row + 0.5) * FOG_BLOCK, size.height))
    if (!span) continue
    let from = Math.max(0, Math.floor(span.from / FOG_BLOCK))
    let to = Math.min(blocks.columns, Math.ceil(span.to / FOG_BLOCK))
    while (from < to && !isInside(from, row)) from++
    while (to > from && !isInside(to - 1, row)) to--
    revealRow(blocks, row, from, to)
  }
}

/** The part of a horizontal line inside of a capsule. Null where they do not meet. */
function spanOf({ a, b }: Segment, radius: number, y: number): { from: number; to: number } | null {
  const length = Math.hypot(b.x - a.x, b.y - a.y)
  const [aside, down] = length === 0 ? [0, 0] : [((b.y - a.y) / length) * radius, ((b.x - a.x) / length) * radius]
  const sides = [-1, 1].map((side) => ({
    a: { x: a.x - side * aside, y: a.y + side * down },
    b: { x: b.x - side * aside, y: b.y + side * down },
  }))
  const xs = [
    ...[a, b].flatMap((end) => {
      const half = Math.sqrt(radius ** 2 - (y - end.y) ** 2)
      return Number.isNaN(half) ? [] : [end.x - half, end.x + half]
    }),
    ...sides.flatMap((side) => crossingAt(side, y)),
  ]
  return xs.length === 0 ? null : { from: Math.min(...xs), to: Math.max(...xs) }
}

/** The corners of a block's part of the picture. */
export function cornersOf(column: number, row: number, { width, height }: MapSize): Point[] {
  const [left, top] = [column * FOG_BLOCK, row * FOG_BLOCK]
  const [right, bottom] = [Math.min(left + FOG_BLOCK, width), Math.min(top + FOG_BLOCK, height)]
  return [
    { x: left, y: top },
    { x: right, y: top },
    { x: left, y: bottom },
    { x: right, y: bottom },
  ]
}
