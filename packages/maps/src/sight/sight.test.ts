import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countRevealed, FOG_BLOCK, type Fog, isRevealed } from '../fog/fog.ts'
import { distanceToSegment, type Point, type Segment } from '../point.ts'
import { points, revealedOf } from '../testing/arbitraries.ts'
import { seenBy, type Surroundings } from './sight.ts'
import { isWayOpen } from './way.ts'

const size = { width: 320, height: 320 }
const wall = (ax: number, ay: number, bx: number, by: number): Segment => ({ a: { x: ax, y: ay }, b: { x: bx, y: by } })
const outdoors: Surroundings = { size, walls: [], doors: [], lights: [], isDaylight: true, farthest: 2_000 }
const dark: Surroundings = { ...outdoors, isDaylight: false }
const viewer = (x: number, y: number, darkvision = 0) => ({ at: { x, y }, darkvision })
const at = (fog: Fog, x: number, y: number) => isRevealed(fog, Math.floor(x / FOG_BLOCK), Math.floor(y / FOG_BLOCK))
const box = [wall(64, 64, 192, 64), wall(192, 64, 192, 192), wall(192, 192, 64, 192), wall(64, 192, 64, 64)]
/** The blocks of the box. */
const INSIDE = 64

/** Whether a straight look goes strictly through a wall. */
function isBlocked(from: Point, to: Point, { a, b }: Segment): boolean {
  const cross = (o: Point, p: Point, q: Point) => (p.x - o.x) * (q.y - o.y) - (p.y - o.y) * (q.x - o.x)
  const [one, two, three, four] = [cross(from, to, a), cross(from, to, b), cross(a, b, from), cross(a, b, to)]
  return one * two < -1e-3 && three * four < -1e-3
}

describe('sight', () => {
  it('in daylight without walls has the whole map', () => {
    expect(countRevealed(seenBy([viewer(100, 100)], outdoors))).toBe(400)
  })

  it('in a closed room has each block of the room and none beyond, also with walls on the borders of blocks', () => {
    const seen = seenBy([viewer(128, 128)], { ...outdoors, walls: box })
    expect(countRevealed(seen)).toBe(INSIDE)
    expect(at(seen, 65, 65)).toBe(true)
    expect(at(seen, 63, 128)).toBe(false)
  })

  it('goes through an open door, and not through a closed one', () => {
    const door = { ...wall(192, 112, 192, 144), isOpen: false }
    const walls = [
      wall(64, 64, 192, 64),
      wall(192, 64, 192, 112),
      wall(192, 144, 192, 192),
      wall(192, 192, 64, 192),
      wall(64, 192, 64, 64),
    ]
    const room = { ...outdoors, walls }
    expect(countRevealed(seenBy([viewer(128, 128)], { ...room, doors: [door] }))).toBe(INSIDE)
    const open = seenBy([viewer(128, 128)], { ...room, doors: [{ ...door, isOpen: true }] })
    expect(countRevealed(open)).toBeGreaterThan(INSIDE)
    expect(at(open, 300, 128)).toBe(true)
    expect(at(open, 300, 300)).toBe(false)
  })

  it('in the dark ends with darkvision', () => {
    expect(countRevealed(seenBy([viewer(160, 160)], dark))).toBe(0)
    const seen = seenBy([viewer(160, 160, 64)], dark)
    expect(at(seen, 160, 120)).toBe(true)
    expect(at(seen, 160, 80)).toBe(false)
  })

  it('in the dark has what a light reaches, and only if it is in line of sight', () => {
    const lights = [{ at: { x: 250, y: 160 }, reach: 50 }]
    const across = wall(200, 0, 200, 320)
    expect(at(seenBy([viewer(40, 160)], { ...dark, lights }), 250, 160)).toBe(true)
    expect(countRevealed(seenBy([viewer(40, 160)], { ...dark, lights, walls: [across] }))).toBe(0)
    // The light itself does not shine through a wall.
    const behind = seenBy([viewer(40, 160)], { ...dark, lights, walls: [wall(230, 0, 230, 320)] })
    expect(countRevealed(behind)).toBe(0)
  })

  it('does not exist from within a wall', () => {
    expect(countRevealed(seenBy([viewer(64, 100)], { ...outdoors, walls: box }))).toBe(0)
  })

  it('of two viewers is what either sees', () => {
    const surroundings = { ...dark, walls: box }
    const [one, other] = [viewer(100, 100, 40), viewer(300, 300, 40)]
    const both = new Set(revealedOf(seenBy([one, other], surroundings)))
    const each = [one, other].flatMap((single) => revealedOf(seenBy([single], surroundings)))
    expect(both).toEqual(new Set(each))
  })

  const segments = fc.record({ a: points(), b: points() })

  it('has no block of which any part lies behind a wall', () => {
    fc.assert(
      fc.property(points(), fc.array(segments, { maxLength: 8 }), (from, walls) => {
        const seen = seenBy([{ at: from, darkvision: 0 }], { ...outdoors, walls })
        for (const name of revealedOf(seen)) {
          const [column = 0, row = 0] = name.split(',').map(Number)
          const looks = [0.01, 0.5, 0.99].flatMap((down) =>
            [0.01, 0.5, 0.99].map((right) => ({ x: (column + right) * FOG_BLOCK, y: (row + down) * FOG_BLOCK })),
          )
          const isBehind = walls.some((each) => looks.some((to) => isBlocked(from, to, each)))
          if (isBehind) throw new Error(`${name} is behind a wall`)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('has each block that no wall is near to the look at', () => {
    fc.assert(
      fc.property(points(300), fc.array(segments, { maxLength: 4 }), (from, walls) => {
        const seen = seenBy([{ at: from, darkvision: 0 }], { ...outdoors, walls })
        const isTouched = walls.some((each) => distanceToSegment(from, each) < 0.06)
        if (isTouched) return
        for (let row = 0; row < seen.rows; row++)
          for (let column = 0; column < seen.columns; column++) {
            // Looks at a wider square all around: where all are free, and no wall is inside, the block is seen.
            const looks = [-1, 0, 0.5, 1, 2].flatMap((down) =>
              [-1, 0, 0.5, 1, 2].map((right) => ({ x: (column + right) * FOG_BLOCK, y: (row + down) * FOG_BLOCK })),
            )
            const isFar = walls.every((each) =>
              farFrom(each, { x: (column + 0.5) * FOG_BLOCK, y: (row + 0.5) * FOG_BLOCK }),
            )
            const isFree = isFar && walls.every((each) => looks.every((to) => !isBlocked(from, to, each)))
            const isClear = isFree && !walls.some((each) => endsBetween(from, looks, each))
            if (isClear && !isRevealed(seen, column, row)) throw new Error(`${column},${row} is not seen`)
          }
      }),
      { numRuns: 100 },
    )
  })
})

/** More than two blocks away in one direction. */
const farFrom = ({ a, b }: Segment, { x, y }: Point): boolean =>
  Math.min(a.x, b.x) > x + 32 ||
  Math.max(a.x, b.x) < x - 32 ||
  Math.min(a.y, b.y) > y + 32 ||
  Math.max(a.y, b.y) < y - 32

/** Whether an end of a wall is in the box around a place and some others: then a look beside it may be free and one at it not. */
function endsBetween(from: Point, looks: readonly Point[], { a, b }: Segment): boolean {
  const all = [from, ...looks]
  const [xs, ys] = [all.map(({ x }) => x), all.map(({ y }) => y)]
  return [a, b].some(
    ({ x, y }) => x >= Math.min(...xs) && x <= Math.max(...xs) && y >= Math.min(...ys) && y <= Math.max(...ys),
  )
}

/** From 0 to 1, the same for a seed. */
function numbersOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

describe('a way', () => {
  const room = { ...outdoors, walls: box }
  const seen = seenBy([viewer(128, 128)], room)

  it('within sight is open', () => {
    expect(
      isWayOpen(
        [
          { x: 128, y: 128 },
          { x: 100, y: 100 },
          { x: 80, y: 180 },
        ],
        seen,
        box,
      ),
    ).toBe(true)
    expect(isWayOpen([{ x: 128, y: 128 }], seen, box)).toBe(true)
  })

  it.each([
    [
      'leaves the sight',
      [
        { x: 128, y: 128 },
        { x: 260, y: 128 },
      ],
    ],
    [
      'comes back',
      [
        { x: 128, y: 128 },
        { x: 260, y: 128 },
        { x: 128, y: 130 },
      ],
    ],
    ['begins out of sight', [{ x: 20, y: 20 }]],
    [
      'leaves the map',
      [
        { x: 128, y: 128 },
        { x: 128, y: -400 },
      ],
    ],
    ['is far out', [{ x: 1e9, y: 1e9 }]],
  ])('that %s is not', (_name, way) => {
    expect(isWayOpen(way, seen, [])).toBe(false)
  })

  it('across or along a wall is not, though all is seen', () => {
    const all = seenBy([viewer(8, 8)], outdoors)
    const barrier = [wall(100, 100, 200, 100)]
    expect(
      isWayOpen(
        [
          { x: 150, y: 90 },
          { x: 150, y: 110 },
        ],
        all,
        barrier,
      ),
    ).toBe(false)
    expect(
      isWayOpen(
        [
          { x: 110, y: 100 },
          { x: 120, y: 100 },
        ],
        all,
        barrier,
      ),
    ).toBe(false)
    expect(
      isWayOpen(
        [
          { x: 90, y: 90 },
          { x: 90, y: 110 },
        ],
        all,
        barrier,
      ),
    ).toBe(true)
  })

  it('of ten thousand random moves leads a token into no place that it can’t walk to', () => {
    const door = { ...wall(192, 112, 192, 144), isOpen: false }
    const walls = [
      ...box.filter(({ a, b }) => !(a.x === 192 && b.x === 192)),
      wall(192, 64, 192, 112),
      wall(192, 144, 192, 192),
    ]
    const closed: Surroundings = { ...dark, walls, doors: [door] }
    const number = numbersOf(7)
    let here: Point = { x: 128, y: 128 }
    const explored = new Set<string>()
    for (let move = 0; move < 10_000; move++) {
      // Every other move is a short one.
      const reach = move % 2 === 0 ? 420 : 60
      const to = { x: here.x + (number() - 0.5) * reach, y: here.y + (number() - 0.5) * reach }
      const view = seenBy([{ at: here, darkvision: 60 }], closed)
      for (const block of revealedOf(view)) explored.add(block)
      if (isWayOpen([here, to], view, [...walls, door])) here = to
      if (here.x <= 64 || here.x >= 192 || here.y <= 64 || here.y >= 192)
        throw new Error(`it got out to ${here.x},${here.y}`)
    }
    expect(explored.size).toBe(INSIDE)
  })
})

describe('the work of sight', () => {
  it('asks few walls for each block', () => {
    let looks = 0
    const counted = (segment: Segment): Segment => ({
      get a() {
        looks++
        return segment.a
      },
      b: segment.b,
    })
    const many = (count: number) =>
      Array.from({ length: count }, (_none, place) => {
        const [x, y] = [(place % 25) * 64, Math.floor(place / 25) * 64]
        return wall(x, y, x + (place % 3 === 0 ? 64 : 0), y + (place % 3 === 0 ? 0 : 48))
      })
    const large = { width: 1_600, height: 1_280 }
    const seen = seenBy([viewer(830, 670)], { ...outdoors, size: large, walls: many(500).map(counted) })
    expect(countRevealed(seen)).toBeGreaterThan(10)
    expect(looks / (seen.columns * seen.rows)).toBeLessThan(12)
  })
})
