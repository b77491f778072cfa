// The ground plan of the drowned chapel, for its drawing and for its walls, doors and lights. Lengths are cells of 80 pixels, x to the
// east and y to the south. The walls' inner faces lie on the lines of the grid.
import type { Point } from './svg.ts'

export const CELL = 80
export const COLUMNS = 24
export const ROWS = 18

/** Thickness of a wall. */
export const WALL = 0.6
const HALF = WALL / 2

/** `points`: the middle of the wall. `broken`: the end at which stones are missing. */
type Wall = { readonly points: readonly Point[]; readonly seed: number; readonly broken?: 'start' | 'end' }

const APSE: Point = [19, 10]
const APSE_RADIUS = 3 + HALF

/** The half circle at the east end, from north to south. */
const apse: Point[] = Array.from({ length: 13 }, (_, step): Point => {
  const turn = -Math.PI / 2 + (step * Math.PI) / 12
  return [APSE[0] + Math.cos(turn) * APSE_RADIUS, APSE[1] + Math.sin(turn) * APSE_RADIUS]
})

/** The nave is x 5 to 16 and y 6 to 14, the tower x 5 to 8 and y 2 to 5, the sacristy x 17 to 20 and y 14 to 17. */
export const walls: readonly Wall[] = [
  // The front, on both sides of the west door.
  {
    points: [
      [5 - HALF, 6 - WALL],
      [5 - HALF, 9],
    ],
    seed: 1,
  },
  {
    points: [
      [5 - HALF, 11],
      [5 - HALF, 14 + WALL],
    ],
    seed: 2,
  },
  // North side of the nave, on both sides of the tower's door.
  {
    points: [
      [5, 6 - HALF],
      [6, 6 - HALF],
    ],
    seed: 3,
  },
  {
    points: [
      [7, 6 - HALF],
      [16 + WALL, 6 - HALF],
    ],
    seed: 4,
  },
  // South side, which the sea has broken.
  {
    points: [
      [5, 14 + HALF],
      [10.3, 14 + HALF],
    ],
    seed: 5,
    broken: 'end',
  },
  {
    points: [
      [13.1, 14 + HALF],
      [16 + WALL, 14 + HALF],
    ],
    seed: 6,
    broken: 'start',
  },
  // Between nave and chancel, on both sides of the arch.
  {
    points: [
      [16 + HALF, 6],
      [16 + HALF, 8],
    ],
    seed: 7,
  },
  {
    points: [
      [16 + HALF, 12],
      [16 + HALF, 14],
    ],
    seed: 8,
  },
  // Chancel and apse.
  { points: [[16 + WALL, 7 - HALF], [19, 7 - HALF], ...apse.slice(1, -1), [19, 13 + HALF]], seed: 9 },
  {
    points: [
      [16 + WALL, 13 + HALF],
      [18, 13 + HALF],
    ],
    seed: 10,
  },
  // The bell tower, whose south side is the nave's wall too.
  {
    points: [
      [5 - HALF, 5 + HALF],
      [5 - HALF, 2 - HALF],
      [8 + HALF, 2 - HALF],
      [8 + HALF, 5 + HALF],
    ],
    seed: 11,
  },
  {
    points: [
      [5, 5 + HALF],
      [6, 5 + HALF],
    ],
    seed: 12,
  },
  {
    points: [
      [7, 5 + HALF],
      [8, 5 + HALF],
    ],
    seed: 13,
  },
  // The sacristy.
  {
    points: [
      [17, 14 - HALF],
      [18, 14 - HALF],
    ],
    seed: 16,
  },
  {
    points: [
      [17 - HALF, 14],
      [17 - HALF, 17 + HALF],
      [18.2, 17 + HALF],
    ],
    seed: 14,
    broken: 'end',
  },
  {
    points: [
      [19.6, 17 + HALF],
      [20 + HALF, 17 + HALF],
      [20 + HALF, 13 + HALF],
      [19, 13 + HALF],
    ],
    seed: 15,
    broken: 'start',
  },
]

export const COLUMN_RADIUS = 0.36
/** Free-standing columns of the nave. The last one is a stump. */
export const columns: readonly Point[] = [
  [7, 8],
  [7, 12],
  [11, 8],
  [11, 12],
  [15, 8],
  [15, 12],
]

/** Heaps of stones that fell from broken walls, from end to end of the gap. They are too high to look over. */
export const heaps: readonly (readonly [Point, Point])[] = [
  [
    [10.3, 14 + HALF],
    [13.1, 14 + HALF],
  ],
  [
    [18.2, 17 + HALF],
    [19.6, 17 + HALF],
  ],
]

export type Door = { readonly from: Point; readonly to: Point }
/** Of the front, the tower and the sacristy. */
export const doors: readonly Door[] = [
  { from: [5 - HALF, 9], to: [5 - HALF, 11] },
  { from: [6, 5.5], to: [7, 5.5] },
  { from: [18, 13.5], to: [19, 13.5] },
]

/** Where walls meet at their outer sides, and the sides of doors that lie in two walls: stones are there already. */
export const seams: readonly (readonly [Point, Point])[] = [
  [
    [5 - HALF, 6 - HALF],
    [5, 6 - HALF],
  ],
  [
    [5 - HALF, 5 + HALF],
    [5, 5 + HALF],
  ],
  [
    [8, 5 + HALF],
    [8 + HALF, 5 + HALF],
  ],
  [
    [5 - HALF, 14 + HALF],
    [5, 14 + HALF],
  ],
  [
    [16 + HALF, 6 - HALF],
    [16 + HALF, 6],
  ],
  [
    [16 + HALF, 14],
    [16 + HALF, 14 + HALF],
  ],
  [
    [16 + HALF, 7 - HALF],
    [16 + WALL, 7 - HALF],
  ],
  [
    [16 + HALF, 13 + HALF],
    [16 + WALL, 13 + HALF],
  ],
  [
    [17 - HALF, 14 - HALF],
    [17, 14 - HALF],
  ],
  [
    [17 - HALF, 14 - HALF],
    [17 - HALF, 14],
  ],
  [
    [6, 5 + HALF],
    [6, 6 - HALF],
  ],
  [
    [7, 5 + HALF],
    [7, 6 - HALF],
  ],
  [
    [18, 13 + HALF],
    [18, 14 - HALF],
  ],
  [
    [19, 13 + HALF],
    [19, 14 - HALF],
  ],
]

export const torches: readonly Point[] = [
  [5.2, 7.5],
  [5.2, 12.5],
]
export const font: Point = [9.5, 8.5]
export const altar: Point = [19.5, 10]
