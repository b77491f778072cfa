// Measures the Markdown in a text without parsing it. A full parser takes seconds for some texts of 4,000 characters, and builds trees
// from others that are too deep for recursive code.

export type MarkdownShape = {
  characters: number
  /** Quotes and lists inside each other: `> - - a` has three. Never too low. Too high where a line only looks like a list. */
  depth: number
  /** The cost of the text: its lines with their open containers, and its marks. */
  weight: number
}

/** True when no measure of the text exceeds `most`. Takes linear time, and stops at the first excess. */
export function fitsMarkdown(text: string, most: MarkdownShape): boolean {
  if (text.length > most.characters) return false
  let weight = 0
  let open = 0
  let isAfterBlank = true
  for (let at = 0; at <= text.length;) {
    const line = startOf(text, at, most.depth)
    if (line.isBlank) isAfterBlank = true
    else {
      // A line stays in the open lists for which it is indented, by two columns each. After a line with text it stays in all of them.
      const goesOn = line.markers + Math.min(open, line.columns >> 1)
      open = isAfterBlank ? goesOn : Math.max(open, goesOn)
      isAfterBlank = false
    }
    weight += 1 + open
    if (open > most.depth) return false
    for (at = line.end; at < text.length && !isLineEnd(text, at); at++) weight += weightAt(text, at)
    if (weight > most.weight) return false
    at += text.startsWith('\r\n', at) ? 2 : 1
  }
  return true
}

type Start = { markers: number; columns: number; isBlank: boolean; end: number }

/** The beginning of a line, before its words: markers of quotes and lists, and columns of white space. */
function startOf(text: string, from: number, mostMarkers: number): Start {
  let [markers, columns, at] = [0, 0, from]
  for (; at < text.length && markers <= mostMarkers;) {
    const unit = text[at]
    if (unit === ' ' || unit === '\t') {
      columns += unit === ' ' ? 1 : 4
      at++
      continue
    }
    const length = markerAt(text, at)
    if (length === 0) break
    markers++
    at += length
  }
  return { markers, columns, isBlank: markers === 0 && (at === text.length || isLineEnd(text, at)), end: at }
}

const marker = /[-+*](?=[ \t\r\n]|$)|\d{1,9}[.)](?=[ \t\r\n]|$)|>/y

function markerAt(text: string, at: number): number {
  marker.lastIndex = at
  return marker.exec(text)?.[0].length ?? 0
}

const isLineEnd = (text: string, at: number): boolean => text[at] === '\n' || text[at] === '\r'

/** For each instruction, comment or address without an end, the parser reads to the end of the text. */
const READS_ON = 7

function weightAt(text: string, at: number): number {
  const [unit = '', next = ''] = [text[at], text[at + 1]]
  if ((unit === '<' && (next === '?' || next === '!')) || (unit === ']' && next === '(')) return READS_ON
  return '!*_`[]<&\\|'.includes(unit) ? 1 : 0
}
