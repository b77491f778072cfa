import { Refusal } from '@tablecast/rules/refusal'
import { MAX_IMPORT_BYTES, MAX_IMPORT_DEPTH, MAX_IMPORT_VALUES } from './imported.ts'

/**
 * Parses JSON of a stranger. Size, depth and the number of values are checked before anything is built, in one pass over the text.
 * Throws `Refusal` with a sentence.
 */
export function parseBounded(given: Uint8Array | string): unknown {
  const size = typeof given === 'string' ? given.length : given.byteLength
  if (size > MAX_IMPORT_BYTES)
    throw refusal(`This file has more than ${MAX_IMPORT_BYTES / 1_000_000} MB. Import it in parts.`)
  const text = typeof given === 'string' ? given : decoded(given)
  assertBounded(text)
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    throw refusal('This file is no JSON, or a part of it is missing.')
  }
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw refusal('This file is no text in UTF-8.')
  }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c

function assertBounded(text: string): void {
  let [depth, values, isInString] = [0, 0, false]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (isInString) {
      if (code === BACKSLASH) at++
      else if (code === QUOTE) isInString = false
      continue
    }
    switch (code) {
      case QUOTE:
        isInString = true
        break
      case 0x5b: // [
      case 0x7b: // {
        values++
        if (++depth > MAX_IMPORT_DEPTH) throw refusal('This file is nested too deeply.')
        break
      case 0x5d: // ]
      case 0x7d: // }
        depth--
        break
      case 0x2c: // ,
        values++
        break
      default:
    }
    if (values > MAX_IMPORT_VALUES) throw refusal('This file has too many entries. Import it in parts.')
  }
}

const refusal = (sentence: string) => new Refusal('operation', sentence)
