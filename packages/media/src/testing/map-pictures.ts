// Pictures and files of maps for tests.
import sharp from 'sharp'
import { FOG_BLOCK } from '@tablecast/maps/fog'
import type { MapSize } from '@tablecast/maps/grid'

/** Three bytes a pixel, row by row. */
export type Pixels = MapSize & { data: Buffer }

/** Noise that differs in each pixel, so that no mix of two pixels looks like one of them. */
export function noise({ width, height }: MapSize, seed = 1): Pixels {
  const data = Buffer.alloc(width * height * 3)
  let state = seed >>> 0
  for (let at = 0; at < data.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    data[at] = state >>> 24
  }
  return { width, height, data }
}

/** Each block of fog has a colour of its own, far from that of fog. Cheap to encode. */
export function blockColours({ width, height }: MapSize): Pixels {
  const data = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [column, row] = [Math.floor(x / FOG_BLOCK), Math.floor(y / FOG_BLOCK)]
      const colour = [128 + (column % 128), 128 + (row % 128), 128 + ((column * 7 + row * 13) % 128)]
      data.set(colour, (y * width + x) * 3)
    }
  return { width, height, data }
}

export const pngOf = ({ width, height, data }: Pixels): Promise<Buffer> =>
  sharp(data, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 1 })
    .toBuffer()

/** The pixels of a picture with three channels. */
export async function pixelsOf(file: Buffer): Promise<Pixels & { channels: number }> {
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, channels: info.channels, data }
}

/** The next level of a pyramid: a pixel is the mean of the two by two below it; at the right and lower edge, of those that exist. */
export function halved({ width, height, data }: Pixels): Pixels {
  const size = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) }
  const half = Buffer.alloc(size.width * size.height * 3)
  for (let y = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++)
      for (let channel = 0; channel < 3; channel++) {
        let [sum, count] = [0, 0]
        for (let row = 2 * y; row < Math.min(2 * y + 2, height); row++)
          for (let column = 2 * x; column < Math.min(2 * x + 2, width); column++) {
            sum += data[(row * width + column) * 3 + channel] ?? 0
            count += 1
          }
        half[(y * size.width + x) * 3 + channel] = Math.floor(sum / count + 0.5)
      }
  return { ...size, data: half }
}

/** A rectangle of a picture. */
export function cutOut(
  { width, data }: Pixels,
  { left, top, ...size }: MapSize & { left: number; top: number },
): Pixels {
  const rows = Array.from({ length: size.height }, (_none, y) => {
    const from = ((top + y) * width + left) * 3
    return data.subarray(from, from + size.width * 3)
  })
  return { ...size, data: Buffer.concat(rows) }
}

type MapFileOptions = { cells?: { x: number; y: number }; side?: number; picture?: string; more?: object }

/** A small Universal VTT file: a room with a door and a light. */
export const mapFile = ({ cells = { x: 10, y: 8 }, side = 50, picture = '', more = {} }: MapFileOptions = {}): Buffer =>
  Buffer.from(
    JSON.stringify({
      format: 0.3,
      resolution: { map_origin: { x: 0, y: 0 }, map_size: cells, pixels_per_grid: side },
      line_of_sight: [
        [
          { x: 1, y: 1 },
          { x: 4, y: 1 },
          { x: 4, y: 4 },
        ],
      ],
      portals: [
        {
          bounds: [
            { x: 4, y: 4 },
            { x: 4, y: 5 },
          ],
          closed: true,
        },
      ],
      lights: [{ position: { x: 2, y: 2 }, range: 3 }],
      environment: { baked_lighting: false },
      ...more,
      image: picture,
    }),
  )
