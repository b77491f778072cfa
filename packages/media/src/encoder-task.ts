// The messages between the server and its encoder process.
import { z } from 'zod'
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
export type EncoderTask = ReadTask | CutTask

/** `width`, `height`: of the largest variant. `thumbhash`: base64. */
const EncodedPicture = z.object({
  width: z.int().min(1).max(2_560),
  height: z.int().min(1).max(2_560),
  thumbhash: z.base64().max(60),
})
export type EncodedPicture = z.infer<typeof EncodedPicture>

/**
 * `ready`: the code is loaded. `memory`: the resident memory of the process, several times a second. `unable`: the code can't be
 * loaded, with the reason for the log. The process reads files of strangers, so the server checks what it says.
 */
export const EncoderMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('memory'), bytes: z.number() }),
  z.object({ type: z.literal('encoded'), picture: EncodedPicture }),
  z.object({ type: z.literal('cut') }),
  z.object({ type: z.literal('refused'), reason: z.enum(['damaged', 'too_many_pixels', 'disk']) }),
  z.object({ type: z.literal('unable'), error: z.string().max(10_000) }),
])
export type EncoderMessage = z.infer<typeof EncoderMessage>
