// The messages between the server and its encoder process.
import type { TileMask } from '@tablecast/maps/tiles'
import { z } from 'zod'
import { MAX_MAP_SIDE, MIN_MAP_SIDE } from './map-sides.ts'
import type { Variant } from './variants.ts'

/** `input`: the path of the file to read. `output`: the path of the file for each variant, which does not exist yet. */
export type ReadTask = {
  do: 'read'
  input: string
  kind: 'png' | 'jpeg' | 'webp' | 'avif' | 'gif'
  maxPixels: number
  output: Record<Variant, string>
}

/** Cuts a square out of a variant, and writes it with 96 pixels. `output`: a file that does not exist yet. */
export type CutTask = { do: 'cut'; input: string; left: number; top: number; side: number; output: string }

/**
 * Cuts a picture of a map, or the one inside of a Universal VTT file or of a file of tiles, into the rows of its tiles. `folder`: an empty folder, into which the rows
 * go under their names, the other variants, and the walls of a file as `walls.json`.
 */
export type TilesTask = {
  do: 'tiles'
  input: string
  kind: ReadTask['kind'] | 'universal-vtt' | 'tiles'
  maxPixels: number
  folder: string
}

/**
 * Paints fog over the hidden pixels of a tile. `input`: the tile; null for a map without a picture. `mask`: with its bits as Base64. `output`: a
 * file that does not exist yet.
 */
export type MaskTask = {
  do: 'mask'
  input: string | null
  width: number
  height: number
  mask: Omit<TileMask, 'bits'> & { bits: string }
  output: string
}
export type EncoderTask = ReadTask | CutTask | TilesTask | MaskTask

/** `width`, `height`: of the largest variant. `thumbhash`: base64. */
const EncodedPicture = z.object({
  width: z.int().min(1).max(2_560),
  height: z.int().min(1).max(2_560),
  thumbhash: z.base64().max(60),
})
export type EncodedPicture = z.infer<typeof EncodedPicture>

const mapSide = z.int().min(MIN_MAP_SIDE).max(MAX_MAP_SIDE)

/** `width`, `height`: of the picture itself. `hasWalls`: whether it has a file of walls. `warnings`: sentences for the DM. */
const TiledPicture = EncodedPicture.extend({
  width: mapSide,
  height: mapSide,
  hasWalls: z.boolean(),
  warnings: z.array(z.string().max(300)).max(10),
})
export type TiledPicture = z.infer<typeof TiledPicture>

/**
 * `ready`: the code is loaded. `memory`: the resident memory of the process, several times a second. `unable`: the code can't be
 * loaded, with the reason for the log. The process reads files of strangers, so the server checks what it says.
 */
export const EncoderMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('memory'), bytes: z.number() }),
  z.object({ type: z.literal('encoded'), picture: EncodedPicture }),
  z.object({ type: z.literal('cut') }),
  z.object({ type: z.literal('tiled'), picture: TiledPicture }),
  z.object({ type: z.literal('masked') }),
  z.object({
    type: z.literal('refused'),
    reason: z.enum(['damaged', 'too_many_pixels', 'disk', 'too_small', 'too_long', 'map_file', 'map_without_picture']),
    /** A sentence for the person that says more than the reason. */
    detail: z.string().max(300).optional(),
  }),
  z.object({ type: z.literal('unable'), error: z.string().max(10_000) }),
])
export type EncoderMessage = z.infer<typeof EncoderMessage>
