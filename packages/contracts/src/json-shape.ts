// Measures the depth of a JSON text and the number of its values, before it is parsed. A text of 64 kB can nest 30,000 levels, at
// which recursive code fails. A text of 30 MB can hold millions of keys, and parsing them blocks all other requests.
import { TablecastError } from './errors.ts'

export type JsonBounds = { maxDepth: number; maxValues: number }

/** The deepest JSON that a program may publish. Readers have limits of their own, from 64 (.NET) to 1,000 (Python). */
export const MAX_JSON_DEPTH = 256
/** The levels of a frame around published JSON: a batch of calls, a call, its parameters, its input, a message. */
const FRAME_DEPTH = 8

/** No input of these contracts needs as much. A message of a topic may hold any JSON within these bounds. */
export const jsonBounds: JsonBounds = { maxDepth: MAX_JSON_DEPTH + FRAME_DEPTH, maxValues: 50_000 }

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

/** `values`: parsing the text would take long. `depth`: parsing it is quick, but recursive code may fail on the result. */
export type JsonExcess = { kind: 'values' | 'depth'; reason: string }

/**
 * The bound that this text exceeds, or null. The text need not be valid JSON. One pass over the characters, without recursion.
 * Each comma, list and object outside of strings counts as a value.
 */
export function jsonExcess(text: string, { maxDepth, maxValues }: JsonBounds = jsonBounds): JsonExcess | null {
  let depth = 0
  let deepest = 0
  let values = 0
  let isInString = false
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index)
    if (isInString) {
      if (character === BACKSLASH) index += 1
      else if (character === QUOTE) isInString = false
      continue
    }
    switch (character) {
      case QUOTE:
        isInString = true
        break
      case OPEN_LIST:
      case OPEN_OBJECT:
        depth += 1
        values += 1
        if (depth > deepest) deepest = depth
        break
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        depth -= 1
        break
      case COMMA:
        values += 1
        break
    }
    if (values > maxValues)
      return { kind: 'values', reason: `the JSON holds too many values: at most ${maxValues.toLocaleString('en')}` }
  }
  return deepest > maxDepth
    ? { kind: 'depth', reason: `the JSON is nested too deeply: at most ${maxDepth} levels` }
    : null
}

/** Whether the JSON is nested deeper than its readers can take. */
export const isNestedDeeper = (text: string, maxDepth = MAX_JSON_DEPTH): boolean =>
  jsonExcess(text, { maxDepth, maxValues: Infinity }) !== null

/** Throws BAD_REQUEST for a JSON text that is too deep, or holds too many values. */
export function mustBeBounded(text: string, bounds: JsonBounds = jsonBounds): void {
  const excess = jsonExcess(text, bounds)
  if (excess) throw new TablecastError('BAD_REQUEST', excess.reason)
}

/** Throws BAD_REQUEST for a text that is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new TablecastError('BAD_REQUEST', 'This is no valid JSON.')
  }
}
