// How much Markdown there is in a text, told without parsing it: a parser of all of Markdown takes seconds for some texts of four
// thousand characters, and what it makes of others is nested too deep to be walked.

export type MarkdownShape = {
  characters: number
  /** Quotes and lists inside each other: `> - - a` has three. Never too low; too high where a line only looks like a list. */
  depth: number
  /** Lines, each with the containers that are open at it, and marks inside them by what they cost. */
  weight: number
}

/** True when the text has no more of anything than `most`. Linear, and ends where it is too much. */
export function fitsMarkdown(text: string, most: MarkdownShape): boolean {
  if (text.length > most.characters) return false
  let weight = 0
  let open = 0
  let isAfterBlank = true
  for (let at = 0; at <= text.length;) {
    const line = startOf(text, at, most.depth)
    if (line.isBlank) isAfterBlank = true
    else {
      // A list goes on where a line is indented by two columns for each, or, but for a blank line, by nothing at all.
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

/** An instruction, a comment or an address that nothing closes has the parser read on to the end, once for each of them. */
const READS_ON = 7

function weightAt(text: string, at: number): number {
  const [unit = '', next = ''] = [text[at], text[at + 1]]
  if ((unit === '<' && (next === '?' || next === '!')) || (unit === ']' && next === '(')) return READS_ON
  return '!*_`[]<&\\|'.includes(unit) ? 1 : 0
}
