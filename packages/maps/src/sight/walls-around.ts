import { distanceToSegment, type Point, type Segment } from '../point.ts'

/** Directions are divided into this many equal parts. */
const PARTS = 1_024
const PARTS_PER_RADIAN = PARTS / (2 * Math.PI)
/** A place this near to a wall is in it, in pixels. */
const TOUCH = 0.05
/** Rounding must not make a wall along the border of a square reach over it, in pixels. */
const TOLERANCE = 1e-7

/**
 * The walls around a place, by direction, so that a look asks only the walls that are there. It is asked for each block of a map, so it
 * works with plain numbers.
 */
export class WallsAround {
  /** Whether the place lies in a wall, from where nothing is seen. */
  readonly isInWall: boolean
  readonly #x: number
  readonly #y: number
  /** Four numbers a wall: from x and y to x and y. The nearest wall comes first, because it hides the most. */
  readonly #walls: Float64Array
  /** For each part of the circle the distance to its nearest wall, and where its walls begin in the list. */
  readonly #nearest = new Float64Array(PARTS).fill(Infinity)
  readonly #inPart: number[][] = []
  /** The part of a wall that a test has left, as shares of its length. */
  #start = 0
  #end = 1

  constructor(from: Point, reach: number, walls: readonly Segment[]) {
    this.#x = from.x
    this.#y = from.y
    const near = walls
      .map((wall) => ({ wall, away: distanceToSegment(from, wall) }))
      .filter(({ away }) => away <= reach)
      .toSorted((one, other) => one.away - other.away)
    this.isInWall = near.some(({ away }) => away < TOUCH)
    this.#walls = Float64Array.from(near.flatMap(({ wall: { a, b } }) => [a.x, a.y, b.x, b.y]))
    near.forEach(({ wall, away }, place) => this.#add(wall, away, place * 4))
  }

  #add(wall: Segment, away: number, place: number): void {
    const a = Math.atan2(wall.a.y - this.#y, wall.a.x - this.#x)
    const turn = Math.atan2(wall.b.y - this.#y, wall.b.x - this.#x) - a
    const b = a + (turn > Math.PI ? turn - 2 * Math.PI : turn < -Math.PI ? turn + 2 * Math.PI : turn)
    for (let part = partOf(Math.min(a, b)); part <= partOf(Math.max(a, b)); part++) {
      const at = part & (PARTS - 1)
      ;(this.#inPart[at] ??= []).push(place)
      this.#nearest[at] = Math.min(this.#nearest[at] ?? 0, away)
    }
  }

  /** Whether every point of a rectangle is seen, and within reach: no wall stands between, not even before a part of it. */
  isInSight(left: number, top: number, right: number, bottom: number, reach: number): boolean {
    const x = this.#x
    const y = this.#y
    const farX = x * 2 < left + right ? right - x : x - left
    const farY = y * 2 < top + bottom ? bottom - y : y - top
    const farSquared = farX * farX + farY * farY
    if (farSquared > reach * reach) return false
    const isBeside = y >= top && y <= bottom
    const isAbove = x >= left && x <= right
    // So near to a corner, the look at it has no direction. Then all that lies around both counts as between them.
    const isWithin = x > left - TOUCH && x < right + TOUCH && y > top - TOUCH && y < bottom + TOUCH
    if (isWithin) return !this.#someInside(Math.min(x, left), Math.min(y, top), Math.max(x, right), Math.max(y, bottom))
    // The two corners that bound the rectangle as it is seen from here.
    const firstX = isBeside ? (x < left ? left : right) : y < top ? right : left
    const firstY = isAbove ? (y < top ? top : bottom) : x < left ? top : bottom
    const lastX = isBeside ? firstX : y < top ? left : right
    const lastY = isAbove ? firstY : x < left ? bottom : top
    const first = Math.atan2(firstY - y, firstX - x)
    const turned = Math.atan2(lastY - y, lastX - x)
    const from = partOf(first)
    const to = partOf(turned < first ? turned + 2 * Math.PI : turned)
    const far = Math.sqrt(farSquared)
    let isClear = true
    for (let part = from; part <= to && isClear; part++) isClear = (this.#nearest[part & (PARTS - 1)] ?? 0) >= far
    if (isClear) return true
    for (let part = from; part <= to; part++) {
      const walls = this.#inPart[part & (PARTS - 1)]
      if (!walls) continue
      for (const wall of walls)
        if (
          this.#reachesInto(wall, left, top, right, bottom) &&
          this.#keepBeside(wall, firstX, firstY, 1) &&
          this.#keepBeside(wall, lastX, lastY, -1)
        )
          return false
    }
    return true
  }

  #someInside(left: number, top: number, right: number, bottom: number): boolean {
    for (let wall = 0; wall < this.#walls.length; wall += 4)
      if (this.#reachesInto(wall, left, top, right, bottom)) return true
    return false
  }

  /**
   * Whether a part of a wall is inside of a rectangle's sides. A side counts only where this place is on its inner side: so these sides
   * bound all that lies between the place and the rectangle.
   */
  #reachesInto(wall: number, left: number, top: number, right: number, bottom: number): boolean {
    const walls = this.#walls
    const ax = walls[wall] ?? 0
    const ay = walls[wall + 1] ?? 0
    const bx = walls[wall + 2] ?? 0
    const by = walls[wall + 3] ?? 0
    this.#start = 0
    this.#end = 1
    return (
      (this.#x < left || this.#keep(ax - left, bx - left)) &&
      (this.#x > right || this.#keep(right - ax, right - bx)) &&
      (this.#y < top || this.#keep(ay - top, by - top)) &&
      (this.#y > bottom || this.#keep(bottom - ay, bottom - by))
    )
  }

  /** Cuts a wall at the line from here to a corner. `side` 1 keeps what lies clockwise of it, -1 the rest. */
  #keepBeside(wall: number, cornerX: number, cornerY: number, side: 1 | -1): boolean {
    const walls = this.#walls
    const dx = cornerX - this.#x
    const dy = cornerY - this.#y
    const scale = side / Math.sqrt(dx * dx + dy * dy)
    const a = (((walls[wall + 1] ?? 0) - this.#y) * dx - ((walls[wall] ?? 0) - this.#x) * dy) * scale
    const b = (((walls[wall + 3] ?? 0) - this.#y) * dx - ((walls[wall + 2] ?? 0) - this.#x) * dy) * scale
    return this.#keep(a, b)
  }

  /** Cuts away what lies outside of a bound. The numbers say how far inside the ends of the wall are. False where nothing is left. */
  #keep(atA: number, atB: number): boolean {
    const a = atA - TOLERANCE
    const b = atB - TOLERANCE
    if (a <= 0 && b <= 0) return false
    if (a > 0 && b > 0) return true
    const crossing = a / (a - b)
    if (a > 0) this.#end = Math.min(this.#end, crossing)
    else this.#start = Math.max(this.#start, crossing)
    return this.#start < this.#end
  }
}

const partOf = (direction: number): number => Math.floor(direction * PARTS_PER_RADIAN)
