// A picture like that of a drawn map. Its right half stays hidden, and has a colour of its own there.
import { FOG_COLOUR } from '@tablecast/maps/tiles'
import { pngOf } from '@tablecast/media/testing'

export const SIDE = 8_192
const SECRET = [255, 0, 255] as const
/** All other colours have at least this much green. */
const LEAST_GREEN = 128

/** A PNG. `seed`: another one makes another picture. */
export function drawnMap(seed: number, side = SIDE): Promise<Buffer> {
  const data = Buffer.alloc(side * side * 3)
  let state = seed >>> 0
  for (let y = 0, at = 0; y < side; y++)
    for (let x = 0; x < side; x++, at += 3) {
      if (x >= side / 2) {
        data[at] = SECRET[0]
        data[at + 1] = SECRET[1]
        data[at + 2] = SECRET[2]
        continue
      }
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      // Grain as that of paper, on cells of 128 pixels.
      const grain = state >>> 30
      data[at] = 150 + ((x >> 7) & 31) + grain
      data[at + 1] = 150 + ((y >> 7) & 31) + grain
      data[at + 2] = 140 + (((x + y) >> 7) & 31) + grain
    }
  return pngOf({ width: side, height: side, data })
}

/** Pixels with a part of the hidden colour. `pixels`: three bytes each. */
export function hiddenPixels(pixels: Uint8Array): number {
  let count = 0
  for (let at = 0; at < pixels.length; at += 3)
    if ((pixels[at + 1] ?? 0) < LEAST_GREEN && FOG_COLOUR.some((value, channel) => pixels[at + channel] !== value))
      count += 1
  return count
}
