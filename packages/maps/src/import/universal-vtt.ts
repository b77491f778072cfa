// Universal VTT files (.dd2vtt, .uvtt, .df2vtt): a picture with its grid, walls, doors and lights, as map makers export them.
// Format: https://arkenforge.com/universal-vtt-files/. Lengths in the file are cells; here they are pixels.
import { z } from 'zod'
import type { Grid } from '../grid/shape.ts'
import type { MapSize, Point, Segment } from '../point.ts'
import type { Door, Light } from '../sight/sight.ts'

export type ImportedMap = {
  readonly size: MapSize
  readonly grid: Grid
  readonly walls: readonly Segment[]
  readonly doors: readonly Door[]
  readonly lights: readonly Light[]
  /** Whether the picture is lit by itself, so that everything in line of sight is seen. */
  readonly isDaylight: boolean
  /** The picture's file as Base64. It is not checked here. */
  readonly picture: string
  /** Sentences for the DM about things that were left out. */
  readonly warnings: readonly string[]
}

/** A file that is no map, or too large to be one. The message is a sentence for the DM. */
export class MapFileError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'MapFileError'
  }
}

const MAX_CELLS = 1_000
const MAX_PIXELS_PER_CELL = 1_000
export const MAX_WALLS = 20_000
export const MAX_DOORS = 2_000
export const MAX_LIGHTS = 2_000
/** Bounds of the lists in a file, so that a hostile one is refused before its points are read. */
const MAX_POINTS = 200_000

const number = z.number()
const point = z.object({ x: number, y: number })
const lines = z.array(z.array(point)).default([])

const fileSchema = z.object({
  resolution: z.object({
    map_origin: point.default({ x: 0, y: 0 }),
    map_size: z.object({ x: number.positive().max(MAX_CELLS), y: number.positive().max(MAX_CELLS) }),
    pixels_per_grid: number.min(1).max(MAX_PIXELS_PER_CELL),
  }),
  line_of_sight: lines,
  objects_line_of_sight: lines,
  portals: z.array(z.object({ bounds: z.array(point).length(2), closed: z.boolean().default(true) })).default([]),
  lights: z.array(z.object({ position: point, range: number.nonnegative() })).default([]),
  environment: z.object({ baked_lighting: z.boolean().default(false) }).optional(),
  image: z.string().min(1),
})

type MapFile = z.infer<typeof fileSchema>

/** Reads a file that was parsed from JSON. Throws a MapFileError. */
export function readUniversalVtt(file: unknown): ImportedMap {
  refuseLongLists(file)
  const parsed = fileSchema.safeParse(file)
  if (!parsed.success) throw new MapFileError(sentenceFor(parsed.error))
  const { resolution, environment, image } = parsed.data
  const { map_origin: origin, map_size: cells, pixels_per_grid: side } = resolution
  const size = { width: Math.round(cells.x * side), height: Math.round(cells.y * side) }
  const place = ({ x, y }: Point): Point => ({ x: (x - origin.x) * side, y: (y - origin.y) * side })
  const warnings: string[] = []
  const walls = keep(
    'walls',
    wallsOf(parsed.data).map(({ a, b }) => ({ a: place(a), b: place(b) })),
    size,
    MAX_WALLS,
    warnings,
  )
  const doors = keep('doors', doorsOf(parsed.data, place), size, MAX_DOORS, warnings)
  const lights = parsed.data.lights
    .map(({ position, range }) => ({ at: place(position), reach: range * side }))
    .filter(({ at, reach }) => reach > 0 && reach <= MAX_CELLS * side && isOn(at, size))
  if (lights.length > MAX_LIGHTS) throw new MapFileError(tooMany('lights', MAX_LIGHTS))
  const lost = parsed.data.lights.length - lights.length
  if (lost > 0)
    warnings.push(
      lost === 1
        ? 'A light shines nowhere on the map, and was left out.'
        : `${lost} lights shine nowhere on the map, and were left out.`,
    )
  const offset = { x: -(((origin.x % 1) + 1) % 1) * side + 0, y: -(((origin.y % 1) + 1) % 1) * side + 0 }
  return {
    size,
    grid: { kind: 'square', size: side, offset, scale: 5, unit: 'ft' },
    walls,
    doors,
    lights,
    isDaylight: environment?.baked_lighting ?? false,
    picture: image,
    warnings,
  }
}

/** Before anything is copied: a million points take memory and time that a stranger must not have. */
function refuseLongLists(file: unknown): void {
  if (typeof file !== 'object' || file === null) throw new MapFileError('This is no map file.')
  let points = 0
  for (const list of Object.values(file)) {
    if (!Array.isArray(list)) continue
    points += list.length
    for (const item of list) if (Array.isArray(item)) points += item.length
    if (points > MAX_POINTS) throw new MapFileError(tooMany('points', MAX_POINTS))
  }
}

const tooMany = (of: string, most: number): string => `The map has more than ${most.toLocaleString('en')} ${of}.`

function sentenceFor({ issues }: z.ZodError): string {
  const field = issues[0]?.path.join('.') ?? ''
  return field === ''
    ? 'This is no map file.'
    : `The map file is damaged, or of another kind: its “${field}” can’t be read.`
}

function wallsOf({ line_of_sight: walls, objects_line_of_sight: objects }: MapFile): Segment[] {
  return [...walls, ...objects].flatMap((line) =>
    line.flatMap((b, at) => {
      const a = line[at - 1]
      return a ? [{ a, b }] : []
    }),
  )
}

function doorsOf({ portals }: MapFile, place: (point: Point) => Point): Door[] {
  return portals.flatMap(({ bounds: [a, b], closed }) =>
    a && b ? [{ a: place(a), b: place(b), isOpen: !closed }] : [],
  )
}

/** Without those that have no length or lie beside the map. */
function keep<S extends Segment>(
  name: 'walls' | 'doors',
  all: readonly S[],
  size: MapSize,
  most: number,
  warnings: string[],
): S[] {
  const kept = all.filter(({ a, b }) => (a.x !== b.x || a.y !== b.y) && reaches({ a, b }, size))
  if (kept.length > most) throw new MapFileError(tooMany(name, most))
  const lost = all.length - kept.length
  if (lost > 0)
    warnings.push(
      lost === 1
        ? `A ${name.slice(0, -1)} has no length or lies beside the map, and was left out.`
        : `${lost} ${name} have no length or lie beside the map, and were left out.`,
    )
  return kept
}

/** Whether the box around a segment overlaps the map, and the segment has an end near enough to be meant. */
const reaches = ({ a, b }: Segment, { width, height }: MapSize): boolean =>
  Math.max(a.x, b.x) >= 0 &&
  Math.max(a.y, b.y) >= 0 &&
  Math.min(a.x, b.x) <= width &&
  Math.min(a.y, b.y) <= height &&
  [a.x, a.y, b.x, b.y].every((value) => Math.abs(value) <= MAX_CELLS * MAX_PIXELS_PER_CELL)

const isOn = ({ x, y }: Point, { width, height }: MapSize): boolean => x >= 0 && y >= 0 && x <= width && y <= height
