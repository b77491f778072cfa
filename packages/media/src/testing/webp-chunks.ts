/**
 * The names of the chunks of a WebP file, in order. `VP8 ` holds the pixels; what a camera wrote stands in `EXIF`, `ICCP` and `XMP `. Looking
 * for such a short name in all bytes finds it in pixels by chance.
 */
export function webpChunks(content: Buffer): string[] {
  const names: string[] = []
  for (let at = 12; at < content.length;) {
    names.push(content.toString('latin1', at, at + 4))
    const length = content.readUInt32LE(at + 4)
    at += 8 + length + (length % 2)
  }
  return names
}
