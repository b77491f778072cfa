import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distanceToSegment, type MapSize, type Point } from '../point.ts'
import { coordinates, points, revealedOf, sizes } from '../testing/arbitraries.ts'
import { FOG_BLOCK, isRevealed } from './fog.ts'
import { roomAround } from './room.ts'
import { blocksOf, cornersOf, type FogShape } from './shapes.ts'

/** Places all over the part of the picture that a block covers, a little away from its border. */
function placesIn(name: string, { width, height }: MapSize): Point[] {
  const [column = 0, row = 0] = name.split(',').map(Number)
  const within = (block: number, length: number) => {
    const [from, to] = [block * FOG_BLOCK, Math.min((block + 1) * FOG_BLOCK, length)]
    return [0.001, 0.25, 0.5, 0.75, 0.999].map((share) => from + share * (to - from))
  }
  return within(row, height).flatMap((y) => within(column, width).map((x) => ({ x, y })))
}

/** By counting the edges that a ray to the right crosses. */
function isInPolygon({ x, y }: Point, corners: readonly Point[]): boolean {
  let inside = false
  corners.forEach((a, place) => {
    const b = corners[(place + 1) % corners.length] ?? a
    if (a.y > y !== b.y > y && x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x)) inside = !inside
  })
  return inside
}

function contains(shape: FogShape, place: Point): boolean {
  const { x, y } = place
  switch (shape.kind) {
    case 'rectangle': {
      const { from, to } = shape
      const isIn = (value: number, one: number, other: number) =>
        value >= Math.min(one, other) && value <= Math.max(one, other)
      return isIn(x, from.x, to.x) && isIn(y, from.y, to.y)
    }
    case 'polygon':
      return isInPolygon(place, shape.points)
    case 'brush':
      return shape.points.some(
        (b, at) => distanceToSegment(place, { a: shape.points[at - 1] ?? b, b }) <= shape.radius + 1e-9,
      )
  }
}

const shapes: fc.Arbitrary<FogShape> = fc.oneof(
  fc.record({ kind: fc.constant('rectangle' as const), from: points(), to: points() }),
  fc.record({ kind: fc.constant('polygon' as const), points: fc.array(points(), { maxLength: 8 }) }),
  fc.record({
    kind: fc.constant('brush' as const),
    points: fc.array(points(), { minLength: 1, maxLength: 4 }),
    radius: fc.double({ min: 0, max: 120, noNaN: true }),
  }),
)

describe('a shape', () => {
  it('has only blocks that lie wholly inside it', () => {
    fc.assert(
      fc.property(sizes(), shapes, (size, shape) => {
        for (const block of revealedOf(blocksOf(shape, size)))
          for (const place of placesIn(block, size))
            expect(contains(shape, place), `${block} at ${place.x},${place.y}`).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  const size = { width: 100, height: 80 }

  it.each<[string, FogShape, number]>([
    ['a rectangle over the whole map', { kind: 'rectangle', from: { x: 0, y: 0 }, to: { x: 100, y: 80 } }, 35],
    ['a rectangle that was drawn backwards', { kind: 'rectangle', from: { x: 48, y: 32 }, to: { x: 16, y: 0 } }, 4],
    ['a rectangle within a block', { kind: 'rectangle', from: { x: 1, y: 1 }, to: { x: 15, y: 15 } }, 0],
    ['a polygon along the borders of blocks', polygonOf([16, 16], [64, 16], [64, 64], [16, 64]), 9],
    ['a triangle', polygonOf([0, 0], [64, 0], [0, 64]), 6],
    ['a polygon over the whole map and beyond', polygonOf([-5, -5], [200, -5], [200, 200], [-5, 200]), 35],
    ['a polygon whose edges cross', polygonOf([0, 0], [96, 64], [96, 0], [0, 64]), 4],
    ['a polygon of two corners', polygonOf([0, 0], [64, 64]), 0],
    ['one touch of a brush', { kind: 'brush', points: [{ x: 40, y: 40 }], radius: 26 }, 5],
  ])('%s has as many blocks as one can draw', (_name, shape, count) => {
    expect(revealedOf(blocksOf(shape, size))).toHaveLength(count)
  })
})

function polygonOf(...corners: [x: number, y: number][]): FogShape {
  return { kind: 'polygon', points: corners.map(([x, y]) => ({ x, y })) }
}

describe('the room around a place', () => {
  const size = { width: 320, height: 320 }
  const wall = (ax: number, ay: number, bx: number, by: number) => ({ a: { x: ax, y: ay }, b: { x: bx, y: by } })
  const box = [wall(64, 64, 192, 64), wall(192, 64, 192, 192), wall(192, 192, 64, 192), wall(64, 192, 64, 64)]

  it('ends at its walls, also where they lie on the borders of blocks', () => {
    const room = revealedOf(roomAround({ x: 128, y: 128 }, box, size))
    expect(room.length).toBeGreaterThanOrEqual(49)
    for (const block of room)
      for (const { x, y } of placesIn(block, size)) expect(x > 64 && x < 192 && y > 64 && y < 192).toBe(true)
  })

  it('goes through a gap', () => {
    const open = [wall(64, 64, 192, 64), wall(192, 64, 192, 192), wall(192, 192, 64, 192), wall(64, 192, 64, 128)]
    expect(isRevealed(roomAround({ x: 128, y: 128 }, open, size), 0, 0)).toBe(true)
  })

  it('is empty outside of the map and in a wall', () => {
    expect(revealedOf(roomAround({ x: -1, y: 5 }, [], size))).toEqual([])
    expect(revealedOf(roomAround({ x: 64, y: 70 }, box, size))).toEqual([])
  })

  it('has no block on the other side of any wall across the map', () => {
    fc.assert(
      fc.property(coordinates(), coordinates(), (top, bottom) => {
        const across = wall(top, -1, bottom, 321)
        const room = roomAround({ x: 8, y: 160 }, [across], size)
        const side = ({ x, y }: Point) => Math.sign((bottom - top) * (y + 1) - 322 * (x - top))
        for (const block of revealedOf(room))
          for (const place of placesIn(block, size)) expect(side(place)).toBe(side({ x: 8, y: 160 }))
      }),
    )
  })
})

describe('a brush', () => {
  it('has the blocks whose corners all lie within its radius of one part of the line, and no other', () => {
    fc.assert(
      fc.property(
        fc.array(points(), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 8, max: 120 }),
        (line, radius) => {
          const size = { width: 300, height: 290 }
          const blocks = blocksOf({ kind: 'brush', points: line, radius }, size)
          const parts = line.map((b, at) => ({ a: line[at - 1] ?? b, b }))
          for (let row = 0; row < blocks.rows; row++)
            for (let column = 0; column < blocks.columns; column++) {
              const corners = cornersOf(column, row, size)
              const isInside = parts.some((part) => corners.every((one) => distanceToSegment(one, part) <= radius))
              expect([column, row, isRevealed(blocks, column, row)]).toEqual([column, row, isInside])
            }
        },
      ),
      { numRuns: 60 },
    )
  })
})
