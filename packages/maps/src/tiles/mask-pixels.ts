import type { MapSize } from '../point.ts'
import type { TileMask } from './tile-mask.ts'

export type Colour = readonly [red: number, green: number, blue: number]

/** The colour of fog in tiles. */
export const FOG_COLOUR: Colour = [24, 21, 19]

/**
 * Paints the fog's colour over the hidden pixels of a tile, in place and before it is encoded: an encoder spreads colours to their
 * neighbours, and a see-through pixel keeps its colour. `pixels` has `channels` bytes a pixel, row by row; the first three are red, green
 * and blue, and a fourth becomes opaque.
 */
export function maskPixels(
  pixels: Uint8Array,
  { width, height }: MapSize,
  { cell, columns, bits }: TileMask,
  channels: 3 | 4 = 3,
  [red, green, blue]: Colour = FOG_COLOUR,
): void {
  const stride = Math.ceil(columns / 8)
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / cell) * stride
    for (let x = 0; x < width; x++) {
      const column = Math.floor(x / cell)
      if (((bits[row + (column >> 3)] ?? 0) >> (column & 7)) & 1) continue
      const at = (y * width + x) * channels
      pixels[at] = red
      pixels[at + 1] = green
      pixels[at + 2] = blue
      if (channels === 4) pixels[at + 3] = 255
    }
  }
}
