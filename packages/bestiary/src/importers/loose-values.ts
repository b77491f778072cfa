// Careful looks into parsed files of strangers, in which any field may be missing or of another type.

export type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value behind the keys. Undefined where one is missing. */
export function valueAt(value: unknown, ...keys: readonly string[]): unknown {
  let found = value
  for (const key of keys) {
    if (!isFields(found) || !Object.hasOwn(found, key)) return undefined
    found = found[key]
  }
  return found
}

/** A text or a number as text without white space at its ends. Empty for everything else. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim()
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : ''
}

/** A number, or the number that a text begins with: 135 of “135 (18d10 + 36)”. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string') return undefined
  const [, sign = '', digits] = /^\s*([+\u2212-]?)\s*(\d{1,9}(?:\.\d{1,6})?)/.exec(value) ?? []
  if (digits === undefined) return undefined
  return sign === '' || sign === '+' ? Number(digits) : -Number(digits)
}

/** The same as a whole number. */
export function wholeOf(value: unknown): number | undefined {
  const number = numberOf(value)
  return number === undefined ? undefined : Math.trunc(number)
}

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** Values of a list, or of an object that a program uses as one. */
export const valuesOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : isFields(value) ? Object.values(value) : []

/** Names in a list of texts or of objects with a name, or in one text with commas between them. */
export function namesOf(value: unknown): string[] {
  if (typeof value === 'string') return splitList(value)
  return listOf(value)
    .map((one) => textOf(isFields(one) ? (one.name ?? one.Name ?? one.label) : one))
    .filter(Boolean)
}

/**
 * Commas in brackets divide nothing, nor those of “bludgeoning, piercing, and slashing from nonmagical attacks”. Where there is a semicolon,
 * it divides alone.
 */
function splitList(text: string): string[] {
  const weapons = WEAPONS.exec(text)
  if (weapons) return [...splitList(text.slice(0, weapons.index)), ...splitOff(weapons[0])]
  const parts = text.includes(';') ? text.split(';') : text.split(/,(?![^(]{0,200}\))/)
  return parts.map((one) => one.trim()).filter(Boolean)
}

const WEAPON = '(?:bludgeoning|piercing|slashing)'
const WEAPONS = new RegExp(`\\b${WEAPON}(?:,? (?:and |or )?${WEAPON}){1,2},? from .+$`, 'i')

const splitOff = (text: string): string[] => {
  const [first = '', ...others] = text.split(';')
  return [first.trim(), ...others.flatMap(splitList)].filter(Boolean)
}

/** Without the fields that are undefined. */
export function defined<T extends object>(fields: T): T {
  // The same fields, of which those that are missing anyway are not written out.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
}
