// The map of the chapel as a Universal VTT file, so that its tiles and walls are made as those of a file that a DM sends.
import { CELL, COLUMNS, doors, font, heaps, ROWS, seams, torches, walls } from './chapel-plan.ts'
import type { Point } from './svg.ts'

const place = ([x, y]: Point) => ({ x, y })

/** `image`: the picture's file as Base64. */
export const chapelVtt = (image: string) => ({
  format: 0.3,
  resolution: { map_origin: { x: 0, y: 0 }, map_size: { x: COLUMNS, y: ROWS }, pixels_per_grid: CELL },
  // Pews and columns hide nobody, so they are no walls.
  line_of_sight: [...walls.map(({ points }) => points), ...heaps, ...seams].map((points) => points.map(place)),
  portals: doors.map(({ from, to }) => ({ bounds: [place(from), place(to)], closed: true })),
  lights: [...torches.map((at) => ({ position: place(at), range: 8 })), { position: place(font), range: 4 }],
  environment: { baked_lighting: false },
  image,
})
