import { maskPixels } from '@tablecast/maps/tiles'
import type { MaskTask } from '../encoder-task.ts'
import { PAPER } from './cut-tiles.ts'
import { LOSSLESS } from './lossless.ts'
import { Refused } from './refused.ts'
import type { SharpLibrary } from './sharp-library.ts'
import { written } from './write-variants.ts'

/** Decodes a tile, paints the fog over its hidden pixels, and encodes what is left: the encoder never sees a hidden colour. */
export async function maskTile(sharp: SharpLibrary, { input, width, height, mask, output }: MaskTask): Promise<void> {
  const pixels = input === null ? paper(width * height) : await pixelsOf(sharp, { input, width, height })
  maskPixels(pixels, { width, height }, { ...mask, bits: Buffer.from(mask.bits, 'base64') })
  await written(output, sharp(pixels, { raw: { width, height, channels: 3 } }).webp(LOSSLESS))
}

async function pixelsOf(
  sharp: SharpLibrary,
  { input, width, height }: { input: string; width: number; height: number },
): Promise<Buffer> {
  const { data, info } = await sharp(input, { failOn: 'error' }).raw().toBuffer({ resolveWithObject: true })
  if (info.width !== width || info.height !== height || info.channels !== 3) throw new Refused('damaged')
  return data
}

const paper = (pixels: number): Buffer => Buffer.alloc(pixels * 3, Buffer.from([PAPER.r, PAPER.g, PAPER.b]))
