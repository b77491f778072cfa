// Cuts parts out of a JSON text unchanged. JSON.parse turns `1.0` into 1, rounds long numbers, and drops repeated keys. A message
// from one program to another must arrive exactly as it was written.

/** The JSON text of a call's input. `batchIndex` is the number of the call in its batch; tRPC passes it to each procedure. */
export type InputText = (batchIndex: number) => string | null

/**
 * The text of the value at `path`, or null where there is none. Of a repeated key the last value counts, as for JSON.parse.
 * `text` must be valid JSON: parse it first.
 */
export function jsonPart(text: string, path: readonly (string | number)[]): string | null {
  // Node keeps a byte order mark when it decodes a body.
  let start = afterSpace(text, text.startsWith('\uFEFF') ? 1 : 0)
  for (const step of path) {
    const found = typeof step === 'number' ? elementAt(text, start, step) : memberOf(text, start, step)
    if (found === null) return null
    start = found
  }
  return text.slice(start, afterValue(text, start))
}

/**
 * JSON.parse for a value that is written out again. A number that JavaScript would write differently (`1.0`, `1e2`, 64 bits) becomes
 * an object that JSON.stringify writes with the same digits. Do not compute with such a value. Throws as JSON.parse does.
 */
export function exactJson(text: string): unknown {
  return rawJSON && UNUSUAL_NUMBER.test(text) ? reviving(text, keepDigits) : JSON.parse(text)
}

/** Node has these since version 21, TypeScript's types do not: https://github.com/tc39/proposal-json-parse-with-source. */
const { rawJSON } = JSON as { rawJSON?(text: string): unknown }
const reviving = JSON.parse as (text: string, revive: (key: string, value: unknown, at: Source) => unknown) => unknown
type Source = { source?: string }

const keepDigits = (_key: string, value: unknown, { source }: Source) =>
  typeof value === 'number' && source !== undefined && String(value) !== source ? rawJSON?.(source) : value

/** Matches every text with such a number, and a few without. Most texts have none, and plain JSON.parse is many times faster. */
const UNUSUAL_NUMBER = /(?:^|[:,[\s])-?(?:[\d.]+[eE]|\d+\.\d*0(?!\d)|\d[\d.]{15}|0(?![\d.]))/

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const COMMA = 0x2c

/** The index at which the value of this key begins; null when there is no object at `at`, or it lacks the key. */
function memberOf(text: string, at: number, name: string): number | null {
  if (text.charCodeAt(at) !== OPEN_BRACE) return null
  let found: number | null = null
  for (let next = afterSpace(text, at + 1); text.charCodeAt(next) === QUOTE;) {
    const keyEnd = afterString(text, next)
    const key = text.slice(next, keyEnd)
    // A colon follows the key.
    const value = afterSpace(text, afterSpace(text, keyEnd) + 1)
    if ((key.includes('\\') ? (JSON.parse(key) as string) : key.slice(1, -1)) === name) found = value
    next = afterComma(text, afterValue(text, value))
  }
  return found
}

/** The index at which this element begins; null when there is no array at `at`, or it is shorter. */
function elementAt(text: string, at: number, index: number): number | null {
  if (text.charCodeAt(at) !== OPEN_BRACKET) return null
  let next = afterSpace(text, at + 1)
  for (let left = index; left > 0 && text.charCodeAt(next) !== CLOSE_BRACKET; left--)
    next = afterComma(text, afterValue(text, next))
  return text.charCodeAt(next) === CLOSE_BRACKET ? null : next
}

function afterValue(text: string, at: number): number {
  const first = text.charCodeAt(at)
  if (first === QUOTE) return afterString(text, at)
  let next = at
  if (first === OPEN_BRACE || first === OPEN_BRACKET) {
    let open = 0
    do {
      const code = text.charCodeAt(next)
      if (code === OPEN_BRACE || code === OPEN_BRACKET) open += 1
      else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) open -= 1
      next = code === QUOTE ? afterString(text, next) : next + 1
    } while (open > 0)
    return next
  }
  while (next < text.length && !endsLiteral(text.charCodeAt(next))) next += 1
  return next
}

/** `at` is the index of the string's opening quotation mark. */
function afterString(text: string, at: number): number {
  let end = text.indexOf('"', at + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  // No closing quotation mark: the text is not valid JSON.
  return end === -1 ? text.length : end + 1
}

function isEscaped(text: string, at: number): boolean {
  let before = at - 1
  while (text.charCodeAt(before) === BACKSLASH) before -= 1
  return (at - before) % 2 === 0
}

/** The index of the next element or key, or of the closing bracket. */
function afterComma(text: string, at: number): number {
  const next = afterSpace(text, at)
  return text.charCodeAt(next) === COMMA ? afterSpace(text, next + 1) : next
}

function afterSpace(text: string, at: number): number {
  let next = at
  while (isSpace(text.charCodeAt(next))) next += 1
  return next
}

const isSpace = (code: number) => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
const endsLiteral = (code: number) => code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET || isSpace(code)
