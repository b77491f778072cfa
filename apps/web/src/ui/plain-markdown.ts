// Reads the Markdown that most people write, paragraphs and emphasis with stars, without loading the whole parser.
import type { fromMarkdown } from 'mdast-util-from-markdown'

export type MarkdownNode = ReturnType<typeof fromMarkdown>['children'][number]

/** Backslash, code, entity, underscore, link, reference, HTML, tab, or white space that has a meaning at the end of a line. */
const needsParser = /[\\`_\t\r\0]|&[#\w]|\]\(|\]:|<[a-z/!?]|[^\S\n](\n|$)/i
/** At the start of a line: heading, quote, list, rule, fence, underline, the rule of a table, or an indent. */
const startsBlock = /^(\s|#|>|[-+*](\s|$)|[-+*=~]+\s*$|[-*]\s*[-*]\s*[-*]|~~~|\d{1,9}[.)](\s|$)|[|:-][|: -]*$)/m

/** The same tree as the parser's, or null where only the parser can tell. */
export function readPlain(text: string): MarkdownNode[] | null {
  const trimmed = withoutBlankEnds(text)
  if (needsParser.test(trimmed) || startsBlock.test(trimmed.replaceAll(/\n+/g, '\n'))) return null
  if (trimmed === '') return []
  const paragraphs: MarkdownNode[] = []
  for (const paragraph of trimmed.split(/\n{2,}/)) {
    const children = withEmphasis(paragraph)
    if (!children) return null
    paragraphs.push({ type: 'paragraph', children })
  }
  return paragraphs
}

/** Written as a loop: a regular expression for the end starts again at each line break, and takes seconds for 100,000 of them. */
function withoutBlankEnds(text: string): string {
  let [from, to] = [0, text.length]
  while (text[from] === '\n') from++
  while (to > from && text[to - 1] === '\n') to--
  return text.slice(from, to)
}

type Phrase = Extract<MarkdownNode, { type: 'paragraph' }>['children'][number]

/** Emphasis whose stars open and close in turn, in equal pairs; null for any other use of stars. */
function withEmphasis(paragraph: string): Phrase[] | null {
  const phrases: Phrase[] = []
  let opened: string | null = null
  // Every second piece is a run of stars.
  const pieces = paragraph.split(/(\*+)/)
  for (const [place, piece] of pieces.entries()) {
    if (place % 2 === 1) {
      if (piece.length > 2 || roleOf(pieces[place - 1], pieces[place + 1]) !== (opened === null ? 'opens' : 'closes'))
        return null
      if (opened !== null && opened !== piece) return null
      opened = opened === null ? piece : null
    } else if (piece !== '') {
      const text = { type: 'text' as const, value: piece }
      phrases.push(opened === null ? text : { type: opened === '*' ? 'emphasis' : 'strong', children: [text] })
    }
  }
  return opened === null ? phrases : null
}

/** Left-flanking or right-flanking, CommonMark 0.31 §6.2; null where it is both or neither. */
function roleOf(before = '', after = ''): 'opens' | 'closes' | null {
  const [left, right] = [kindOf(before.at(-1)), kindOf(after[0])]
  const opens = right === 'word' || (right === 'mark' && left !== 'word')
  const closes = left === 'word' || (left === 'mark' && right !== 'word')
  return opens === closes ? null : opens ? 'opens' : 'closes'
}

const kindOf = (unit: string | undefined): 'space' | 'mark' | 'word' => {
  if (unit === undefined || /\s/.test(unit)) return 'space'
  return /[\p{P}\p{S}]/u.test(unit) ? 'mark' : 'word'
}
