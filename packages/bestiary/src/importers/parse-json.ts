import { Refusal } from '@tablecast/rules/refusal'
import { MAX_IMPORT_DEPTH, MAX_IMPORT_VALUES } from './imported.ts'

/**
 * Parses JSON of a stranger. Depth and the number of values are checked before anything is built, in one pass over the text. A text with
 * one value on each line, as older packs of Foundry VTT have, becomes a list. Throws `Refusal` with a sentence.
 */
export function parseJson(text: string): unknown {
  assertBounded(text)
  try {
    return JSON.parse(text)
  } catch {
    const lines = linesOf(text)
    if (lines) return lines
    throw refusal('This file is no JSON, or a part of it is missing.')
  }
}

function linesOf(text: string): unknown[] | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  if (lines.length < 2 || !lines.every((line) => line.startsWith('{'))) return null
  try {
    return lines.map((line): unknown => JSON.parse(line))
  } catch {
    return null
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
