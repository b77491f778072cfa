// The kind of a file, by its bytes. Names and declared types of uploads are never looked at.

/** The kinds that are taken, and those that are refused with a reason of their own. */
export type PictureKind = 'png' | 'jpeg' | 'webp' | 'avif' | 'gif' | 'heic' | 'svg' | 'other'

/** The first bytes of a file that `pictureKind` looks at. */
export const KIND_BYTES = 512

/** True for the first `KIND_BYTES` of a file that may become a picture. */
export function beginsLikePicture(start: Uint8Array): boolean {
  const kind = pictureKind(start)
  return kind !== 'heic' && kind !== 'svg' && kind !== 'other'
}

export function pictureKind(start: Uint8Array): PictureKind {
  const bytes = Buffer.from(start.buffer, start.byteOffset, start.byteLength)
  if (bytes.subarray(0, 8).equals(PNG)) return 'png'
  if (bytes.subarray(0, 3).equals(JPEG)) return 'jpeg'
  const at = (from: number, to: number) => bytes.toString('latin1', from, to)
  if (at(0, 4) === 'RIFF' && at(8, 12) === 'WEBP') return 'webp'
  if (/^GIF8[79]a/.test(at(0, 6))) return 'gif'
  if (at(4, 8) === 'ftyp') return kindOfBrands(bytes)
  return isSvg(bytes) ? 'svg' : 'other'
}

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const JPEG = Buffer.from([0xff, 0xd8, 0xff])

/** A file of boxes names the formats that read it: ISO/IEC 14496-12, `ftyp`. A photo of an iPhone is `heic`. */
function kindOfBrands(bytes: Buffer): PictureKind {
  const end = Math.min(bytes.readUInt32BE(0), bytes.length)
  const brands = bytes.toString('latin1', 8, end).match(/.{4}/gs) ?? []
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return 'avif'
  return brands.some((brand) => /^(hei|hev|mif1|msf1)/.test(brand)) ? 'heic' : 'other'
}

function isSvg(bytes: Buffer): boolean {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  // The order of the bytes does not matter for a search of Latin letters.
  const text = isUtf16 ? bytes.toString('latin1').replaceAll('\0', '') : bytes.toString('utf8')
  return /<svg[\s>:/]|<!doctype\s+svg/i.test(text)
}
