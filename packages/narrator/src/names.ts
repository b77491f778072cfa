import { TablecastError } from '@tablecast/contracts'
import { fold } from '@tablecast/rules/names'

/** Something that a command can name. */
type Named = { id: string }

/**
 * Finds what a text means: the whole name, else a beginning that only one has. Case, accents, quotes and dashes don't matter.
 * Throws UNKNOWN_COMMAND with the names there are.
 */
export function findNamed<T extends Named>(
  items: readonly T[],
  nameOf: (item: T) => string,
  text: string,
  what: string,
): T {
  const wanted = fold(text)
  const whole = items.find((item) => fold(nameOf(item)) === wanted)
  if (whole) return whole
  const starting = wanted === '' ? [] : items.filter((item) => fold(nameOf(item)).startsWith(wanted))
  const [only] = starting
  if (only && starting.length === 1) return only
  const known = (starting.length > 1 ? starting : items).slice(0, 8).map(nameOf)
  const hint = known.length > 0 ? `choose ${known.join(', ')}` : 'make one first'
  throw new TablecastError('UNKNOWN_COMMAND', `No one ${what} is meant by "${text.trim()}": ${hint}.`)
}

/** Splits `Old Tom -7` into the thing that is named and what follows: the longest beginning that names something wins. */
export function splitName<T extends Named>(
  items: readonly T[],
  nameOf: (item: T) => string,
  text: string,
  what: string,
): [T, string] {
  const quoted = /^"([^"]+)"\s*(.*)$/s.exec(text.trim())
  if (quoted) return [findNamed(items, nameOf, quoted[1] ?? '', what), quoted[2] ?? '']
  const words = text.trim().split(/\s+/)
  const longest = Math.max(0, ...items.map((item) => fold(nameOf(item)).length))
  for (let count = wordsWithin(words, longest); count > 0; count--) {
    const name = words.slice(0, count).join(' ')
    try {
      return [findNamed(items, nameOf, name, what), words.slice(count).join(' ')]
    } catch (error) {
      if (count === 1) throw error
    }
  }
  throw new TablecastError('UNKNOWN_COMMAND', `Name a ${what}.`)
}

/** How many of the first words a name of that length can have: one at least. A message may hold two thousand. */
function wordsWithin(words: readonly string[], length: number): number {
  let left = length
  const beyond = words.findIndex((word) => {
    left -= fold(word).length
    const isBeyond = left < 0
    left -= 1
    return isBeyond
  })
  return beyond < 0 ? words.length : Math.max(1, beyond)
}
