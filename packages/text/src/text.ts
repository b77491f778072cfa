// The characters that text may hold, the same for every input. Others are taken out before lengths are counted; nothing else is changed.
import { z } from 'zod'

/**
 * No text holds these, in any field: NUL, which PostgreSQL can't store; other control characters; noncharacters; and the marks that
 * override the direction of what follows, with which a name could rewrite the line that it stands in (Unicode UAX #9).
 */
const NEVER = /(?![\n\t])[\p{Cc}\p{Noncharacter_Code_Point}\u202a-\u202e\u2066-\u2069]/gu
/** Nothing is drawn for these. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{White_Space}\p{C}\u2800]/gu

/** `takenOut`: the number of removed characters. `isRepaired`: lone surrogates were replaced. `isComposed`: the text was not in NFC. */
export type NormalizedText = { text: string; takenOut: number; isRepaired: boolean; isComposed: boolean }

/** The text as it is stored, and its differences from the given text. Line ends do not count as a difference. */
export function normalize(given: string): NormalizedText {
  const lines = given.replaceAll(/\r\n?/g, '\n')
  const bare = lines.replaceAll(NEVER, '')
  const repaired = bare.toWellFormed()
  const composed = repaired.normalize('NFC')
  // A few letters have no composed form and would become several: what fitted before fits after.
  const text = composed.length > repaired.length ? repaired : composed
  return { text, takenOut: lines.length - bare.length, isRepaired: repaired !== bare, isComposed: text !== repaired }
}

/** NFC, well formed (no half of a surrogate pair), lines that end with `\n`, without what no text holds. */
export const normalizeText = (text: string): string => normalize(text).text

/** The same in one line, without blanks around it. */
export const normalizeLine = (text: string): string =>
  normalizeText(text.replaceAll(/[\r\n\t\u2028\u2029]+/g, ' ')).trim()

const isVisible = (text: string): boolean => text.replaceAll(INVISIBLE, '') !== ''
const tooLong = (max: number) => `must be at most ${max.toLocaleString('en')} characters`
const BLANK = 'must not be blank'

/** One line that may be empty. */
export const Line = (max: number) => z.string().overwrite(normalizeLine).max(max, tooLong(max))

/** One line in which there is something to see, such as a name. */
export const NonblankLine = (max: number) =>
  z.string().overwrite(normalizeLine).min(1, BLANK).max(max, tooLong(max)).refine(isVisible, BLANK)

/**
 * The same of what may have been stored before this rule was made: a line of which nothing is left to see becomes `?`, so that it
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

/** Any number of lines, as they are kept: blanks around them stay. */
export const Prose = (max: number) => z.string().overwrite(normalizeText).max(max, tooLong(max))

/** Any number of lines in which there is something to see, such as a message. */
export const NonblankProse = (max: number) =>
  z
    .string()
    .overwrite((text) => normalizeText(text).trim())
    .min(1, BLANK)
    .max(max, tooLong(max))
    .refine(isVisible, BLANK)

/** A name as it looks to a person: without case, accents and invisible characters, and with one letter for all that look the same. */
export function confusableSkeleton(name: string): string {
  const bare = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll(INVISIBLE, '').toLowerCase()
  return bare.replaceAll(/./gsu, (letter) => LOOKS_LIKE.get(letter) ?? letter)
}

/** Letters and digits that most fonts draw like a Latin one (from Unicode UTS #39, those of scripts in common use). */
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
