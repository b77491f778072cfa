// Reads a line that begins with a name: `Dragon, Young Red (monster): HP 178, AC 18. Guards the pass`.
import { type Character, startOf } from '@tablecast/contracts'

export type Facts = {
  kind: Character['kind'] | null
  hp: { current: number; max: number } | null
  armourClass: number | null
  /** Null if the line says neither `hidden` nor `visible`. */
  isHidden: boolean | null
}

export type NamedLine = { name: string; facts: Facts; rest: string }

/**
 * The name ends before the first colon or dash, before brackets with facts, and before the first fact: a kind, hit points, armour class.
 * Commas and other brackets belong to the name. `rest`: the text behind the facts.
 */
export function readNamedLine(text: string): NamedLine {
  const end = endOfName(text)
  const facts: Facts = { kind: null, hp: null, armourClass: null, isHidden: null }
  const rest = takeFacts(text.slice(end), facts)
  return { name: text.slice(0, end).trim(), facts, rest }
}

const SEPARATORS = /^[\s,;:.–—-]+/
const hitPoints = /^(?:(?:HP|hit points?)\s*:?\s*(-?\d+)(?:\s*\/\s*(\d+))?|(\d+)\s*(?:HP|hit points?))(?![\w/])/i
const armour = /^(?:(?:AC|armou?r class)\s*:?\s*(\d+)|(\d+)\s*AC)(?!\w)/i
const word = /^(player characters?|players?|pc|npc|monster|hidden|visible)(?=\s*(?:$|[,;:.()]))/i

/** Characters. The search for the end of a name goes no further into a line. */
const MAX_LOOKED = 500

function endOfName(line: string): number {
  const text = startOf(line, MAX_LOOKED)
  if (hitPoints.test(text) || armour.test(text)) return 0
  const closing = bracketsOf(text)
  for (let at = 0; at < text.length; at++) {
    const close = closing.get(at)
    if (close !== undefined) {
      if (isFacts(text.slice(at + 1, close))) return at
      at = close
    } else if (isEnd(text, at)) return at
  }
  return line.length
}

function isEnd(text: string, at: number): boolean {
  const [unit = '', rest] = [text[at], text.slice(at + 1, at + 40)]
  const isSpaced = /^\s/.test(rest)
  if (unit === ':') return isSpaced || rest === ''
  if (unit === '—') return true
  if (unit === '–' || unit === '-') return isSpaced && /\s/.test(text[at - 1] ?? '')
  if (unit === ',' || unit === ';') return isFact(rest.trimStart())
  // A kind with no comma or bracket before it is a word of the name: “Monster Hunter”.
  return unit === ' ' && (hitPoints.test(rest) || armour.test(rest))
}

/** The closing bracket of each opening one, by its offset. */
function bracketsOf(text: string): Map<number, number> {
  const open: number[] = []
  const closing = new Map<number, number>()
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(' || text[at] === '[') open.push(at)
    else if (text[at] === ')' || text[at] === ']') {
      const from = open.pop()
      if (from !== undefined) closing.set(from, at)
    }
  }
  return closing
}

const isFact = (text: string): boolean => hitPoints.test(text) || armour.test(text) || word.test(text)
const isFacts = (inner: string): boolean => inner.split(/[,;]/).some((part) => isFact(part.trim()))

/** Adds the facts at the beginning of the text and the mark at its end to `facts`. Returns the remaining text. */
function takeFacts(text: string, facts: Facts): string {
  const otherWords: string[] = []
  let rest = text.replace(SEPARATORS, '')
  for (;;) {
    const [bracket = '', inner = ''] = /^\(([^()]*)\)/.exec(rest) ?? []
    const isOfFacts = bracket !== '' && isFacts(inner)
    if (isOfFacts) otherWords.push(takeParts(inner, facts))
    const taken = isOfFacts ? bracket : take(rest, facts)
    if (taken === '') break
    rest = rest.slice(taken.length).replace(SEPARATORS, '')
  }
  const mark = /\s*\((hidden|visible)\)\s*$/i.exec(rest)
  if (mark) {
    take(mark[1] ?? '', facts)
    rest = rest.slice(0, mark.index)
  }
  addNumbers(rest, facts)
  return [...otherWords, rest.trim()].filter(Boolean).join('. ')
}

/** Returns the parts of a bracket that are not facts: `Large dragon, CR 10` of `(Large dragon, monster, CR 10)`. */
const takeParts = (inner: string, facts: Facts): string =>
  inner
    .split(/[,;]/)
    .map((part) => part.trim())
    .map((part) => part.slice(take(part, facts).length).trim())
    .filter(Boolean)
    .join(', ')

/** Reads one fact at the beginning of the text and returns its words; an empty text if there is no fact. */
function take(text: string, facts: Facts): string {
  const points = hitPoints.exec(text)
  if (points) {
    const [whole, current, max, alone] = points
    const value = Number(current ?? alone ?? 0)
    facts.hp ??= { current: value, max: max === undefined ? value : Number(max) }
    return whole
  }
  const worn = armour.exec(text)
  if (worn) {
    facts.armourClass ??= Number(worn[1] ?? worn[2])
    return worn[0]
  }
  const said = word.exec(text)?.[0] ?? ''
  const lower = said.toLowerCase()
  if (lower === 'hidden' || lower === 'visible') facts.isHidden = lower === 'hidden'
  else if (lower === 'npc' || lower === 'monster') facts.kind ??= lower
  else if (lower !== '') facts.kind ??= 'pc'
  return said
}

/** Reads hit points and armour class from anywhere in the text, if `facts` has none yet. The words stay in the text. */
export function addNumbers(text: string, facts: Facts): void {
  const points = /\bHP\s*:?\s*(-?\d+)(?:\s*\/\s*(\d+))?/i.exec(text)
  if (points) facts.hp ??= { current: Number(points[1]), max: Number(points[2] ?? points[1]) }
  const worn = /\bAC\s*:?\s*(\d+)/i.exec(text)
  if (worn) facts.armourClass ??= Number(worn[1])
}
