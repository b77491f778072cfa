// Removes characters that no input may hold, before its length is checked. All inputs follow the same rule.
import { z } from 'zod'

/**
 * Removed from every text: NUL, which PostgreSQL can't store; other control characters; noncharacters; and marks that override the text
 * direction, because a name with such a mark changes the rest of its line (Unicode UAX #9).
 */
const NEVER = /(?![\n\t])[\p{Cc}\p{Noncharacter_Code_Point}\u202a-\u202e\u2066-\u2069]/gu
/** Characters that fonts do not draw. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{White_Space}\p{C}\u2800]/gu

/** `takenOut`: the number of removed characters. `isRepaired`: lone surrogates were replaced. `isComposed`: the text was not in NFC. */
export type NormalizedText = { text: string; takenOut: number; isRepaired: boolean; isComposed: boolean }

/** The text to store, and how it differs from the given text. Line ends do not count as a difference. */
export function normalize(given: string): NormalizedText {
  const lines = given.replaceAll(/\r\n?/g, '\n')
  const bare = lines.replaceAll(NEVER, '')
  const repaired = bare.toWellFormed()
  const composed = repaired.normalize('NFC')
  // NFC makes a few letters longer. A text within its length limit must stay within it.
  const text = composed.length > repaired.length ? repaired : composed
  return { text, takenOut: lines.length - bare.length, isRepaired: repaired !== bare, isComposed: text !== repaired }
}

/** NFC, well formed (no lone surrogates), with `\n` as line end, and without forbidden characters. */
export const normalizeText = (text: string): string => normalize(text).text

/** The same as one line, without white space at its ends. */
export const normalizeLine = (text: string): string =>
  normalizeText(text.replaceAll(/[\r\n\t\u2028\u2029]+/g, ' ')).trim()

const isVisible = (text: string): boolean => text.replaceAll(INVISIBLE, '') !== ''
const tooLong = (max: number) => `must be at most ${max.toLocaleString('en')} characters`
export const BLANK = 'must not be blank'

/** One line that may be empty. */
export const Line = (max: number) => z.string().overwrite(normalizeLine).max(max, tooLong(max))

/** One line with at least one visible character, such as a name. */
export const NonblankLine = (max: number) =>
  z.string().overwrite(normalizeLine).min(1, BLANK).max(max, tooLong(max)).refine(isVisible, BLANK)

/**
 * The same for stored lines, which may be older than this rule. A line without a visible character becomes `?`, so that the campaign
 * can still be opened.
 */
export const StoredLine = (max: number) =>
  z
    .string()
    .overwrite((text) => {
      const line = normalizeLine(text)
      return isVisible(line) || text.trim() === '' ? line : '?'
    })
    .min(1, BLANK)
    .max(max, tooLong(max))

/** Any number of lines. White space at the ends stays. */
export const Prose = (max: number) => z.string().overwrite(normalizeText).max(max, tooLong(max))

/** Any number of lines with at least one visible character, such as a message. */
export const NonblankProse = (max: number) =>
  z
    .string()
    .overwrite((text) => normalizeText(text).trim())
    .min(1, BLANK)
    .max(max, tooLong(max))
    .refine(isVisible, BLANK)

/** Equal for names that look the same: without case, accents and invisible characters, and with one letter for all similar ones. */
export function confusableSkeleton(name: string): string {
  const bare = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll(INVISIBLE, '').toLowerCase()
  return bare.replaceAll(/./gsu, (letter) => LOOKS_LIKE.get(letter) ?? letter)
}

/** Letters and digits that most fonts draw like a Latin letter: those of common scripts in Unicode UTS #39. */
const LOOKS_LIKE = new Map(
  Object.entries({
    a: 'аα',
    b: 'вβ',
    c: 'сϲ',
    d: 'ԁ',
    e: 'еε',
    g: 'ɡ',
    h: 'һн',
    i: 'іıι1l|!',
    j: 'јϳ',
    k: 'кκ',
    m: 'мμ',
    n: 'ո',
    o: 'оοօσ0',
    p: 'рρ',
    q: 'ԛ',
    r: 'г',
    s: 'ѕ5',
    t: 'тτ',
    u: 'υս',
    v: 'ѵν',
    w: 'ԝω',
    x: 'хχ',
    y: 'уγ',
    z: 'ᴢ',
  }).flatMap(([latin, others]) => Array.from(others, (other) => [other, latin] as const)),
)
