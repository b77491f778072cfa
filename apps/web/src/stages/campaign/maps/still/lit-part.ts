// Finds the part of a map that no fog hides. Players get no fog, so it is read from the smallest tile, which has the whole map.
import { FOG_COLOUR } from '@tablecast/maps/tiles'
import type { Part } from '../view/map-view.ts'

/** Four bytes a pixel, row by row. */
export type Pixels = { data: Uint8ClampedArray; width: number; height: number }

/** Colours this close to the fog’s count as fog: a browser may round them. */
const TOLERANCE = 2

/** The smallest part with every pixel that is not fog, in pixels of the picture. `scale`: how many of these a pixel of the tile has a side. */
export function litPart({ data, width, height }: Pixels, scale: number): Part | null {
  const columns = { first: width, last: -1 }
  const rows = { first: height, last: -1 }
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (isFog(data, (y * width + x) * 4)) continue
      columns.first = Math.min(columns.first, x)
      columns.last = Math.max(columns.last, x)
      rows.first = Math.min(rows.first, y)
      rows.last = y
    }
  if (rows.last < 0) return null
  return {
    left: columns.first * scale,
    top: rows.first * scale,
    right: (columns.last + 1) * scale,
    bottom: (rows.last + 1) * scale,
  }
}

const isFog = (data: Uint8ClampedArray, at: number): boolean =>
  FOG_COLOUR.every((colour, channel) => Math.abs((data[at + channel] ?? 0) - colour) <= TOLERANCE)
