// The time of the sight of a party after a move.
import { seenBy, type Surroundings, type Viewer } from '@tablecast/maps/sight'

const SIDE = 4_096
const WALLS = 500
const VIEWERS = 6
const MOVES = 200
const WARM_UP = 20
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

export type SightTimes = { move: number[]; everybody: number[] }

/**
 * In milliseconds. `move`: of the token that moves; the server remembers the others' sight. `everybody`: of all six, as after a door that is
 * opened.
 */
export function sightTimes(): SightTimes {
  const surroundings = dungeon()
  const times: SightTimes = { move: [], everybody: [] }
  for (let move = -WARM_UP; move < MOVES; move++) {
    const viewers = Array.from({ length: VIEWERS }, (_, n): Viewer => ({
      at: {
        x: 300 + ((n * 613 + (move + WARM_UP) * 37) % 3_500),
        y: 300 + ((n * 389 + (move + WARM_UP) * 53) % 3_500),
      },
      darkvision: 0,
    }))
    const all = timeOf(() => seenBy(viewers, surroundings))
    const one = timeOf(() => seenBy(viewers.slice(0, 1), surroundings))
    if (move < 0) continue
    times.everybody.push(all)
    times.move.push(one)
  }
  return times
}

function timeOf(work: () => void): number {
  const began = performance.now()
  work()
  return performance.now() - began
}
