import { writeFile } from 'node:fs/promises'
import type { Sharp } from 'sharp'
import { rgbaToThumbHash } from 'thumbhash'
import type { Variant } from '../variants.ts'

/** A thumbhash is made of at most 100 × 100 pixels. */
const THUMBHASH_PIXELS = 100
export const LARGEST = 2_560
export const FACE = 96
/** Of a photo with 2,560 pixels, effort 1 takes half the time of the default, 4, and a few per cent more bytes. */
const LARGE = { quality: 80, effort: 1 }
export const SMALL = { quality: 80, effort: 4 }

/** Writes a picture of at most 2,560 × 2,560 pixels in all sizes. `pixels`: begins with the picture each time. Returns its thumbhash. */
export async function writeVariants(
  pixels: () => Sharp,
  { width, height }: { width: number; height: number },
  output: Record<Variant, string>,
): Promise<string> {
  const side = Math.min(FACE, width, height)
  const [thumbhash] = await Promise.all([
    thumbhashOf(pixels()),
    written(output['2560'], pixels().webp(LARGE)),
    written(output['640'], pixels().resize(640, 640, { fit: 'inside', withoutEnlargement: true }).webp(SMALL)),
    written(output['96'], pixels().resize(side, side, { fit: 'cover' }).webp(SMALL)),
  ])
  return thumbhash
}

export const written = async (path: string, image: Sharp): Promise<void> =>
  writeFile(path, await image.toBuffer(), { flag: 'wx' })

async function thumbhashOf(image: Sharp): Promise<string> {
  const { data, info } = await image
    .resize(THUMBHASH_PIXELS, THUMBHASH_PIXELS, { fit: 'inside', withoutEnlargement: true })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64')
}
