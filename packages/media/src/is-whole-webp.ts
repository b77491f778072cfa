import { KIND_BYTES, pictureKind } from '@tablecast/contracts'

/** Exactly one RIFF file: its head names its length (https://developers.google.com/speed/webp/docs/riff_container). */
export const isWholeWebp = (content: Buffer): boolean =>
  pictureKind(content.subarray(0, KIND_BYTES)) === 'webp' && content.readUInt32LE(4) + 8 === content.length
