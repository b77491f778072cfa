// The time of the sight of a party after a move.
import { seenBy, type Surroundings, type Viewer } from '@tablecast/maps/sight'

const SIDE = 4_096
const WALLS = 500
const VIEWERS = 6
const MOVES = 200
const CELL = 64

/** Rooms of 4 × 4 cells with a gap in each wall, as those of a dungeon. */
function dungeon(): Surroundings {
  const walls: Surroundings['walls'][number][] = []
  const room = 4 * CELL
  for (let n = 0; walls.length < WALLS; n++) {
    const [x, y] = [(n % (SIDE / room)) * room, Math.floor(n / (SIDE / room)) * room]
    walls.push({ a: { x, y }, b: { x: x + room - CELL, y } }, { a: { x, y }, b: { x, y: y + room - CELL } })
  }
  const size = { width: SIDE, height: SIDE }
  return { size, walls, doors: [], lights: [], isDaylight: true, farthest: SIDE }
}

/** Of each move, in milliseconds. */
export function sightTimes(): number[] {
  const surroundings = dungeon()
  const times: number[] = []
  for (let move = -20; move < MOVES; move++) {
    const viewers = Array.from({ length: VIEWERS }, (_, n): Viewer => ({
      at: { x: 300 + ((n * 613 + move * 37) % 3_500), y: 300 + ((n * 389 + move * 53) % 3_500) },
      darkvision: 0,
    }))
    const began = performance.now()
    seenBy(viewers, surroundings)
    // The first moves warm up.
    if (move >= 0) times.push(performance.now() - began)
  }
  return times
}
