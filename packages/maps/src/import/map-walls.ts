// Grid, walls, doors and lights of a map's file, as a text that is stored with its picture. Players get none of it.
import { z } from 'zod'
import type { Grid } from '../grid/shape.ts'
import type { Door, Light } from '../sight/sight.ts'
import type { MapSize, Point, Segment } from '../point.ts'
import { type ImportedMap, MAX_DOORS, MAX_LIGHTS, MAX_WALLS } from './universal-vtt.ts'

/** Places and lengths are whole pixels of the picture. `id`: unique among the doors of the map. */
export type MapWalls = {
  readonly grid: Grid
  readonly isDaylight: boolean
  readonly walls: readonly Segment[]
  readonly doors: readonly (Door & { readonly id: string })[]
  readonly lights: readonly Light[]
}

/** Nothing lies farther from the map than this, in pixels. */
const MARGIN = 20_000
const MAX_SIDE = 20_000

/**
 * The walls of a file, on the picture as it is: the file says its size in cells, and the picture may have more or fewer pixels. Ends far
 * outside of the map are moved nearer.
 */
export function wallsOnPicture(
  { size, grid, walls, doors, lights, isDaylight }: ImportedMap,
  picture: MapSize,
): MapWalls {
  const [across, down] = [picture.width / size.width, picture.height / size.height]
  const place = ({ x, y }: Point): Point => ({ x: near(x * across, picture.width), y: near(y * down, picture.height) })
  const hasLength = ({ a, b }: Segment) => a.x !== b.x || a.y !== b.y
  const cell = (grid.size * (across + down)) / 2
  return {
    grid: {
      ...grid,
      size: Math.min(2_000, Math.max(8, cell)),
      offset: { x: bounded(grid.offset.x * across, 2_000), y: bounded(grid.offset.y * down, 2_000) },
    },
    isDaylight,
    walls: walls.map(({ a, b }) => ({ a: place(a), b: place(b) })).filter(hasLength),
    doors: doors
      .map(({ a, b, isOpen }, at) => ({ id: `d${at + 1}`, a: place(a), b: place(b), isOpen }))
      .filter(hasLength),
    lights: lights.map(({ at, reach }) => ({
      at: place(at),
      reach: Math.min(MAX_SIDE * 2, Math.max(1, Math.round((reach * (across + down)) / 2))),
    })),
  }
}

/** Whether the picture has another shape than the file says, so that the walls were stretched to it. */
export const isStretched = ({ size }: ImportedMap, picture: MapSize): boolean =>
  Math.abs((picture.width * size.height) / (picture.height * size.width) - 1) > 0.02

const bounded = (value: number, most: number): number => Math.min(most, Math.max(-most, value))

const near = (value: number, length: number): number =>
  Math.round(Math.min(length + MARGIN, Math.max(-MARGIN, value))) + 0

const coordinate = z
  .int()
  .min(-MARGIN)
  .max(MAX_SIDE + MARGIN)
const offset = z.number().min(-2_000).max(2_000)

const textSchema = z.strictObject({
  grid: z.strictObject({
    kind: z.enum(['square', 'hex-rows', 'hex-columns', 'none']),
    size: z.number().min(8).max(2_000),
    offset: z.strictObject({ x: offset, y: offset }),
    scale: z.number().min(0.1).max(1_000),
    unit: z.string().min(1).max(10),
  }),
  isDaylight: z.boolean(),
  walls: z.array(z.tuple([coordinate, coordinate, coordinate, coordinate])).max(MAX_WALLS),
  doors: z
    .array(z.tuple([z.string().regex(/^d\d{1,4}$/), coordinate, coordinate, coordinate, coordinate, z.boolean()]))
    .max(MAX_DOORS),
  lights: z
    .array(
      z.tuple([
        coordinate,
        coordinate,
        z
          .int()
          .min(1)
          .max(2 * MAX_SIDE),
      ]),
    )
    .max(MAX_LIGHTS),
})

export const writeWalls = ({ grid, isDaylight, walls, doors, lights }: MapWalls): string =>
  JSON.stringify({
    grid,
    isDaylight,
    walls: walls.map(({ a, b }) => [a.x, a.y, b.x, b.y]),
    doors: doors.map(({ id, a, b, isOpen }) => [id, a.x, a.y, b.x, b.y, isOpen]),
    lights: lights.map(({ at, reach }) => [at.x, at.y, reach]),
  } satisfies z.input<typeof textSchema>)

/** Reads a text that `writeWalls` wrote. Throws where it is anything else. */
export function readWalls(text: string): MapWalls {
  const { grid, isDaylight, walls, doors, lights } = textSchema.parse(JSON.parse(text))
  return {
    grid,
    isDaylight,
    walls: walls.map(([ax, ay, bx, by]) => ({ a: { x: ax, y: ay }, b: { x: bx, y: by } })),
    doors: doors.map(([id, ax, ay, bx, by, isOpen]) => ({ id, a: { x: ax, y: ay }, b: { x: bx, y: by }, isOpen })),
    lights: lights.map(([x, y, reach]) => ({ at: { x, y }, reach })),
  }
}
