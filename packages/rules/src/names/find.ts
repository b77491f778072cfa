// Finds the fighters that a text means. Two that fit are reported with both names, and never guessed.
import { shortened } from '@tablecast/text'
import { Refusal } from '../refusal.ts'
import { fold } from './fold.ts'

/** `also`: other names that mean the same, such as an alias. `side` is for “foes” and “party”. */
export type Named = { id: string; name: string; also?: readonly string[]; side?: 'party' | 'foe' }

/** Fighters at the beginning of a text, and the text after them. */
export type Found = { ids: string[]; rest: string }

const GROUPS: Readonly<Record<string, 'party' | 'foe'>> = {
  foes: 'foe',
  enemies: 'foe',
  monsters: 'foe',
  party: 'party',
  heroes: 'party',
}

/**
 * Reads one name, a range such as `Goblin 1-3`, `all`, `all goblins`, `foes` or `party` at the beginning of a text. The longest
 * whole name wins, then a beginning of a name. Throws `Refusal`: `several` with the names to choose from, or `name`.
 */
export function findAtStart(named: readonly Named[], text: string): Found {
  const found = tryAtStart(named, text)
  if (found) return found
  const names = named.slice(0, 8).map(({ name }) => name)
  const hint = names.length > 0 ? `There is ${names.join(', ')}.` : 'There is nobody yet.'
  throw new Refusal('name', `Nobody is meant by “${cut(text.trim())}”. ${hint}`, names)
}

/** The same; null when nobody is named. Throws only when several fit. */
export function tryAtStart(named: readonly Named[], text: string): Found | null {
  const bare = text.trim()
  const quoted = /^["“”„«»‟]([^"“”„«»‟]+)["“”„«»‟]\s*(.*)$/su.exec(bare)
  if (quoted) {
    const id = whole(named, fold(quoted[1] ?? '')) ?? beginning(named, fold(quoted[1] ?? ''), quoted[1] ?? '')
    return id === null ? null : { ids: [id], rest: quoted[2] ?? '' }
  }
  const words = bare.split(/\s+/u).filter(Boolean)
  const most = Math.min(wordsBeforeSign(words), MAX_WORDS)
  for (const find of [whole, rangeOrGroup]) {
    for (let count = most; count > 0; count--) {
      const found = find(named, fold(words.slice(0, count).join(' ')), words.slice(0, count).join(' '))
      if (found) return { ids: typeof found === 'string' ? [found] : found, rest: words.slice(count).join(' ') }
    }
  }
  // The longest beginning that anybody has: of those, one must fit.
  for (let count = most; count > 0; count--) {
    const asked = words.slice(0, count).join(' ')
    const id = beginning(named, fold(asked), asked)
    if (id !== null) return { ids: [id], rest: words.slice(count).join(' ') }
  }
  return null
}

/**
 * A sign ends the name, though a name is compared without dashes: in `Goblin -7` it is damage, in `Goblin 1 - 3` too. A dash
 * between words is a part of the name.
 */
function wordsBeforeSign(words: readonly string[]): number {
  const sign = words.findIndex((word, index) => {
    if (index === 0) return false
    const isBareDash = /^[\p{Pd}\u2212]$/u.test(word)
    return isBareDash ? /^[\d(]|^d\d/iu.test(words[index + 1] ?? '') : /^[\p{Pd}\u2212+=]/u.test(word)
  })
  return sign < 0 ? words.length : sign
}

/** Words of the longest name: names have at most 60 characters. */
const MAX_WORDS = 30

function whole(named: readonly Named[], wanted: string): string | null {
  if (wanted === '') return null
  const found = named.filter((one) => namesOf(one).includes(wanted))
  const [only] = found
  if (found.length > 1) throw several(wanted, found)
  return only?.id ?? null
}

function beginning(named: readonly Named[], wanted: string, asked: string): string | null {
  if (wanted === '') return null
  const found = named.filter((one) => namesOf(one).some((name) => name.startsWith(wanted)))
  const [only] = found
  if (found.length > 1) throw several(asked, found)
  return only?.id ?? null
}

function rangeOrGroup(named: readonly Named[], wanted: string, asked: string): string[] | null {
  if (wanted === 'all' || wanted === 'everybody' || wanted === 'everyone')
    return named.length > 0 ? named.map(({ id }) => id) : null
  const side = Object.hasOwn(GROUPS, wanted) ? GROUPS[wanted] : undefined
  if (side) return listOrNull(named.filter((one) => one.side === side))
  const kind = /^all (.+)$/u.exec(wanted)?.[1]
  if (kind !== undefined) return listOrNull(allOf(named, kind))
  const range = /^(.*\S)\s+(\d{1,3})[\p{Pd}\u2212](\d{1,3})$/u.exec(asked)
  return range ? inRange(named, range[1] ?? '', Number(range[2]), Number(range[3])) : null
}

const listOrNull = (found: readonly Named[]) => (found.length > 0 ? found.map(({ id }) => id) : null)

/** “all goblins”: Goblin, Goblin 1, Goblin 2 … */
function allOf(named: readonly Named[], kind: string): Named[] {
  const kinds = new Set([kind, kind.replace(/s$/, ''), kind.replace(/es$/, '')])
  return named.filter((one) => namesOf(one).some((name) => kinds.has(name.replace(/ \d{1,3}$/, ''))))
}

function inRange(named: readonly Named[], base: string, from: number, to: number): string[] | null {
  const folded = fold(base)
  if (!named.some((one) => namesOf(one).some((name) => name.startsWith(`${folded} `)))) return null
  if (to < from || to - from >= 100) throw new Refusal('name', `“${base} ${from}-${to}” is not a range.`)
  return Array.from({ length: to - from + 1 }, (_one, index) => {
    const id = whole(named, `${folded} ${from + index}`)
    if (id === null) throw new Refusal('name', `There is no ${base} ${from + index}.`)
    return id
  })
}

const namesOf = ({ name, also = [] }: Named): string[] => [name, ...also].map(fold)

function several(asked: string, found: readonly Named[]): Refusal {
  const names = found.slice(0, 8).map(({ name }) => name)
  return new Refusal('several', `“${cut(asked)}” can be ${names.join(' or ')}. Which one?`, names)
}

const cut = (text: string): string => shortened(text, 40)
