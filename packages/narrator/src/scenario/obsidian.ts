// Turns Obsidian's own marks into plain Markdown: https://help.obsidian.md/syntax
import { linesInPieces } from './code-ranges.ts'

export type FromObsidian = {
  /** A link to a note is replaced by its words, a callout by a quote, a highlight by bold. Comments and embeds stay as written. */
  text: string
  links: number
  /** The kinds of callouts, in lower case, each with its number: a callout with a title loses its kind. */
  callouts: ReadonlyMap<string, number>
  highlights: number
  /** The inner text of links that have another label, each once: `Mayor Voss|Voss`. */
  targets: string[]
  /** The files that were embedded, each once. */
  embeds: string[]
}

export function fromObsidian(source: string): FromObsidian {
  const counts = { links: 0, highlights: 0 }
  const callouts = new Map<string, number>()
  const targets = new Set<string>()
  const embeds = new Set<string>()
  const plain = (text: string): string =>
    text
      .replaceAll(wikiLink, (whole: string, bang: string, inner: string) => {
        if (bang) {
          embeds.add(targetOf(inner))
          return whole
        }
        if (isRoll(inner)) return whole
        counts.links += 1
        const label = labelOf(inner)
        if (label !== inner.trim()) targets.add(inner.trim())
        return label
      })
      .replaceAll(highlight, (_whole, words: string) => {
        counts.highlights += 1
        return `**${words}**`
      })
  const lines: string[] = []
  for (const [first, ...others] of linesInPieces(source)) {
    if (!first) continue
    const callout = first.isCode ? null : calloutLine.exec(first.text)
    if (callout) {
      const [, quote = '>', kind = '', title = ''] = callout
      callouts.set(kind.toLowerCase(), (callouts.get(kind.toLowerCase()) ?? 0) + 1)
      const words = plain(title) + joined(others, plain)
      // The empty line makes the title a paragraph of its own.
      lines.push(`${quote} **${words.trim() || nameOf(kind)}**`, quote)
    } else lines.push(joined([first, ...others], plain))
  }
  return { text: lines.join('\n'), ...counts, callouts, targets: [...targets], embeds: [...embeds] }
}

/** Replaces each character that must not be read. A noncharacter: `normalize` removes it from every text. */
const MASK = '\u{FDD0}'

/**
 * Masks comments (`%%…%%`, `<!--…-->`) and embeds: players must not read an author's comment in a scene. Length and line breaks stay
 * the same.
 */
export function masked(text: string): { text: string; comments: number } {
  const marked: string[] = []
  let open: Comment | null = null
  let [comments, offset, openedAt] = [0, 0, 0]
  const ranges: [number, number][] = []
  for (const pieces of linesInPieces(text)) {
    for (const { text: piece, isCode } of pieces) {
      for (let at = 0; !isCode || open;) {
        const found: RegExpExecArray | null = next(open ? open.end : anyMark, piece, at)
        if (!found) break
        const [mark] = found
        at = found.index + mark.length
        if (open) {
          ranges.push([openedAt, offset + at])
          comments += 1
          open = null
        } else if (mark.startsWith('![')) ranges.push([offset + found.index, offset + at])
        else {
          open = mark === '%%' ? obsidianComment : htmlComment
          openedAt = offset + found.index
        }
      }
      offset += piece.length
    }
    offset += 1
  }
  // An opening mark without an end is text.
  let at = 0
  for (const [from, to] of ranges) {
    marked.push(text.slice(at, from), text.slice(from, to).replaceAll(/[^\n]/g, MASK))
    at = to
  }
  return { text: marked.join('') + text.slice(at), comments }
}

/** Removes the masks from a part of a masked text, with lines that hold nothing else. */
export const unmasked = (text: string): string =>
  text.includes(MASK)
    ? text
        .split('\n')
        .filter((line) => !line.includes(MASK) || line.replaceAll(MASK, '').trim() !== '')
        .map((line) => line.replaceAll(MASK, ''))
        .join('\n')
    : text

type Comment = { end: RegExp }
const obsidianComment: Comment = { end: /%%/g }
const htmlComment: Comment = { end: /-->/g }
const anyMark = /%%|<!--|!\[\[[^[\]\n]+\]\]/g

function next(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from
  return pattern.exec(text)
}

const wikiLink = /(!?)\[\[([^[\]\n]+)\]\]/g
const highlight = /==(?=\S)([^=\n]*[^=\s])==/g
const calloutLine = /^(\s*>(?:\s*>)*)\s*\[!([\w -]+)(?:\|[^\]]*)?\][+-]?\s*(.*)$/

/** A roll inside a text has the same brackets: `[[2d6+3]]`. */
const isRoll = (inner: string): boolean => /\d?d[\d%]/i.test(inner) && /^[\d\s+\-*/().,d%f!<>=khlrouc]*$/i.test(inner)

/** Inside a table the separator of target and alias is `\|`. */
const partsOf = (inner: string): string[] => inner.split(/\\?\|/).map((part) => part.trim())

/** `Alias` for `Target|Alias`, `Target > Part` for `Target#Part`, as Obsidian shows them. */
function labelOf(inner: string): string {
  const [target = '', alias] = partsOf(inner)
  return alias || target.replace(/^#+/, '').replaceAll(/#\^?/g, ' > ').trim() || inner
}

/** The name of the file, without the size of the picture. */
const targetOf = (inner: string): string => partsOf(inner)[0] ?? inner

const nameOf = (kind: string): string => kind.charAt(0).toUpperCase() + kind.slice(1).toLowerCase()

const joined = (pieces: readonly { text: string; isCode: boolean }[], plain: (text: string) => string): string =>
  pieces.map(({ text, isCode }) => (isCode ? text : plain(text))).join('')
