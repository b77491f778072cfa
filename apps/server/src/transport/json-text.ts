// Parts of a JSON text as they were written. JSON.parse makes `1.0` out of nothing but 1, rounds long numbers, and forgets
// keys that are written twice; what a program publishes for another one has to pass as it is.

/** The JSON text of a call's input. `batchIndex`: its place among the calls of one batch; tRPC gives it to each procedure. */
export type InputText = (batchIndex: number) => string | null

/**
 * The text of the value at `path`; null where there is none. A key that is written twice counts where it stands last, as for JSON.parse.
 * `text` is valid JSON: parse it first.
 */
export function jsonPart(text: string, path: readonly (string | number)[]): string | null {
  // A body that is decoded elsewhere may still have its byte order mark.
  let start = afterSpace(text, text.startsWith('\uFEFF') ? 1 : 0)
  for (const step of path) {
    const found = typeof step === 'number' ? elementAt(text, start, step) : memberOf(text, start, step)
    if (found === null) return null
    start = found
  }
  return text.slice(start, afterValue(text, start))
}

/**
 * JSON.parse for what is printed again: a number that JavaScript would write otherwise (`1.0`, `1e2`, 64 bits) becomes an object of
 * which JSON.stringify makes the same digits. Not for code that computes with them. `text` may be any JSON; throws as JSON.parse does.
 */
export function exactJson(text: string): unknown {
  return rawJSON && UNUSUAL_NUMBER.test(text) ? reviving(text, keepDigits) : JSON.parse(text)
}

/** Not in the types: https://github.com/tc39/proposal-json-parse-with-source, in Node since version 21. */
const { rawJSON } = JSON as { rawJSON?(text: string): unknown }
const reviving = JSON.parse as (text: string, revive: (key: string, value: unknown, at: Source) => unknown) => unknown
type Source = { source?: string }

const keepDigits = (_key: string, value: unknown, { source }: Source) =>
  typeof value === 'number' && source !== undefined && String(value) !== source ? rawJSON?.(source) : value

/** Finds every text with such a number, and some without: most texts have none, and are parsed in a fraction of the time. */
const UNUSUAL_NUMBER = /(?:^|[:,[\s])-?(?:[\d.]+[eE]|\d+\.\d*0(?!\d)|\d[\d.]{15}|0(?![\d.]))/

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const COMMA = 0x2c

/** Where the value of that key begins. `at`: where the object begins, if it is one. */
function memberOf(text: string, at: number, name: string): number | null {
  if (text.charCodeAt(at) !== OPEN_BRACE) return null
  let found: number | null = null
  for (let next = afterSpace(text, at + 1); text.charCodeAt(next) === QUOTE;) {
    const keyEnd = afterString(text, next)
    const key = text.slice(next, keyEnd)
    // Behind the key stands the colon.
    const value = afterSpace(text, afterSpace(text, keyEnd) + 1)
    if ((key.includes('\\') ? (JSON.parse(key) as string) : key.slice(1, -1)) === name) found = value
    next = afterComma(text, afterValue(text, value))
  }
  return found
}

/** Where the element of that number begins. `at`: where the array begins, if it is one. */
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

/** `at`: its first quotation mark. */
function afterString(text: string, at: number): number {
  let end = text.indexOf('"', at + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  // Only in a text that is no JSON.
  return end === -1 ? text.length : end + 1
}

function isEscaped(text: string, at: number): boolean {
  let before = at - 1
  while (text.charCodeAt(before) === BACKSLASH) before -= 1
  return (at - before) % 2 === 0
}

/** Where the next one begins, or what closes the whole stands. */
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
