// What Obsidian writes beyond Markdown, as Markdown: https://help.obsidian.md/syntax
import { linesInPieces } from './code-ranges.ts'

export type FromObsidian = {
  /** Links to notes are their words, callouts quotes, highlights bold; comments and embeds stand as they were written. */
  text: string
  links: number
  callouts: number
  highlights: number
  /** What stood in links beyond their words, each once: `Mayor Voss|Voss`. */
  targets: string[]
  /** The files that were embedded, each once. */
  embeds: string[]
}

export function fromObsidian(source: string): FromObsidian {
  const counts = { links: 0, callouts: 0, highlights: 0 }
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
      counts.callouts += 1
      const words = plain(title) + joined(others, plain)
      // An empty line of the quote keeps the title apart from what it is over.
      lines.push(`${quote} **${words.trim() || nameOf(kind)}**`, quote)
    } else lines.push(joined([first, ...others], plain))
  }
  return { text: lines.join('\n'), ...counts, targets: [...targets], embeds: [...embeds] }
}

/** Stands where nothing is to be read: a noncharacter, which no mended text holds. */
const BLOT = '\u{FDD0}'

/**
 * The text with comments (`%%…%%`, `<!--…-->`) and embeds blotted out: as long as it was, with the same lines. What is for the author's
 * eyes gets into no scene.
 */
export function blotted(text: string): { text: string; comments: number } {
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
  // A comment that is never closed is none.
  let at = 0
  for (const [from, to] of ranges) {
    marked.push(text.slice(at, from), text.slice(from, to).replaceAll(/[^\n]/g, BLOT))
    at = to
  }
  return { text: marked.join('') + text.slice(at), comments }
}

/** The words alone of a part of a blotted text. */
export const unblotted = (text: string): string =>
  text.includes(BLOT)
    ? text
        .split('\n')
        .filter((line) => !line.includes(BLOT) || line.replaceAll(BLOT, '').trim() !== '')
        .map((line) => line.replaceAll(BLOT, ''))
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

/** A roll in the midst of a text is written alike: `[[2d6+3]]`. */
const isRoll = (inner: string): boolean => /\d?d[\d%]/i.test(inner) && /^[\d\s+\-*/().,d%f!<>=khlrouc]*$/i.test(inner)

/** In a table the line between target and alias is written `\|`. */
const partsOf = (inner: string): string[] => inner.split(/\\?\|/).map((part) => part.trim())

/** `Target|Alias` is read as `Alias`, `Target#Part` as `Target > Part`, as Obsidian shows them. */
function labelOf(inner: string): string {
  const [target = '', alias] = partsOf(inner)
  return alias || target.replace(/^#+/, '').replaceAll(/#\^?/g, ' > ').trim() || inner
}

/** The file, without the size that it is shown in. */
const targetOf = (inner: string): string => partsOf(inner)[0] ?? inner

const nameOf = (kind: string): string => kind.charAt(0).toUpperCase() + kind.slice(1).toLowerCase()

const joined = (pieces: readonly { text: string; isCode: boolean }[], plain: (text: string) => string): string =>
  pieces.map(({ text, isCode }) => (isCode ? text : plain(text))).join('')
