// How deep and how many-valued a JSON text is, before it becomes objects. A text of 64 kB can nest 30,000 deep, where whatever walks it
// recursively fails, and one of 30 MB can hold millions of keys, which hold up everybody else while they are made.
import { TablecastError } from './errors.ts'

export type JsonBounds = { maxDepth: number; maxValues: number }

/** Levels of what a program publishes. Programs that read it give up somewhere between 64 (.NET) and 1,000 (Python). */
export const MAX_JSON_DEPTH = 256
/** Levels of the frame around it: a batch of calls, a call, its parameters, its input, a message. */
const FRAME_DEPTH = 8

/** More than any input of these contracts needs; a message of a topic may hold any JSON within them. */
export const jsonBounds: JsonBounds = { maxDepth: MAX_JSON_DEPTH + FRAME_DEPTH, maxValues: 50_000 }

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

/** `values`: parsing it would cost much. `depth`: parsing it costs little, but whatever walks it recursively may fail. */
export type JsonExcess = { kind: 'values' | 'depth'; reason: string }

/**
 * The bound that this text exceeds; null when it exceeds none, whether it is JSON or not. One pass over the characters, no recursion.
 * Every comma, list and object outside a string counts as a value.
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

/** Whether what a program publishes is nested deeper than others can read. */
export const isNestedDeeper = (text: string, maxDepth = MAX_JSON_DEPTH): boolean =>
  jsonExcess(text, { maxDepth, maxValues: Infinity }) !== null

/** Throws BAD_REQUEST for a JSON text that is too deep, or holds too many values. */
export function mustBeBounded(text: string, bounds: JsonBounds = jsonBounds): void {
  const excess = jsonExcess(text, bounds)
  if (excess) throw new TablecastError('BAD_REQUEST', excess.reason)
}

/** Throws BAD_REQUEST for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new TablecastError('BAD_REQUEST', 'This is no valid JSON.')
  }
}
