// The kind of a file, by its bytes. Names and declared types of uploads are never looked at. A page asks before it sends a file, and the
// server asks again.

/** The kinds that are taken, and those that are refused with a reason of their own. */
export type PictureKind = 'png' | 'jpeg' | 'webp' | 'avif' | 'gif' | 'heic' | 'svg' | 'other'

/** The first bytes of a file that `pictureKind` looks at. */
export const KIND_BYTES = 512

export function pictureKind(start: Uint8Array): PictureKind {
  const at = (from: number, to: number) => latin(start.subarray(from, to))
  if (at(0, 8) === '\x89PNG\r\n\x1a\n') return 'png'
  if (at(0, 3) === '\xff\xd8\xff') return 'jpeg'
  if (at(0, 4) === 'RIFF' && at(8, 12) === 'WEBP') return 'webp'
  if (/^GIF8[79]a/.test(at(0, 6))) return 'gif'
  if (at(4, 8) === 'ftyp') return kindOfBrands(start)
  return isSvg(start) ? 'svg' : 'other'
}

type AcceptedKind = Exclude<PictureKind, 'heic' | 'svg' | 'other'>
type Judged =
  | { kind: AcceptedKind; refusal: null }
  | { kind: null; refusal: 'empty' | 'svg' | 'heic' | 'not_a_picture' }

/** Whether a file with these first bytes may become a picture, or why it is refused. */
export function judgedKind(start: Uint8Array): Judged {
  if (start.length === 0) return { kind: null, refusal: 'empty' }
  const kind = pictureKind(start)
  switch (kind) {
    case 'svg':
    case 'heic':
      return { kind: null, refusal: kind }
    case 'other':
      return { kind: null, refusal: 'not_a_picture' }
    default:
      return { kind, refusal: null }
  }
}

/** Whether a text in JSON may begin so: with a brace, after a mark of its byte order and white space. */
export const isJsonStart = (start: Uint8Array): boolean => /^(?:\u00ef\u00bb\u00bf)?\s*\{/.test(latin(start))

/** One letter a byte. */
const latin = (bytes: Uint8Array): string => String.fromCharCode(...bytes.subarray(0, KIND_BYTES))

/** A file of boxes names the formats that read it: ISO/IEC 14496-12, `ftyp`. A photo of an iPhone is `heic`. */
function kindOfBrands(bytes: Uint8Array): PictureKind {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0)
  const brands = latin(bytes.subarray(8, length)).match(/.{4}/gs) ?? []
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return 'avif'
  return brands.some((brand) => /^(hei|hev|mif1|msf1)/.test(brand)) ? 'heic' : 'other'
}

/** Also in UTF-16, whose letters of this alphabet have a zero beside them. */
const isSvg = (bytes: Uint8Array): boolean => /<svg[\s>:/]|<!doctype\s+svg/i.test(latin(bytes).replaceAll('\0', ''))
