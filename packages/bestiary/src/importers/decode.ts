import { Refusal } from '@tablecast/rules/refusal'
import { MAX_IMPORT_BYTES } from './imported.ts'

/**
 * The text of a file: UTF-8, or UTF-16 with a mark of its byte order. Line ends become those of Unix. Throws `Refusal` for other
 * encodings, and for a file that is too large.
 */
export function decode(given: Uint8Array | string): string {
  const size = typeof given === 'string' ? given.length : given.byteLength
  if (size > MAX_IMPORT_BYTES)
    throw new Refusal('operation', `This file has more than ${MAX_IMPORT_BYTES / 1_000_000} MB. Import it in parts.`)
  const text = typeof given === 'string' ? given : decoded(given)
  return text
    .replace(/^\ufeff/, '')
    .replaceAll('\r\n', '\n')
    .replaceAll('\r', '\n')
}

function decoded(bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    throw new Refusal('operation', 'This file is no text in UTF-8. Save it again in that encoding.')
  }
}
