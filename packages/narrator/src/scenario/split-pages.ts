// Splits an adventure into pages: one for each heading, in the same order.
import { bytesOf, MAX_PAGE_BYTES, MAX_PAGE_TITLE, MAX_PAGES } from '@tablecast/contracts'
import { cutText, shortened } from './cut-text.ts'

/** `from`, `to`: offsets of the heading in the text. `lost`: its source, if the title lacks some of its words, such as a comment. */
export type Heading = { title: string; depth: number; from: number; to: number; lost?: string }

/** `from`: the offset of the page in the text. `isNumbered`: the title got a number, since another page has the same heading. */
export type TextPage = { title: string; depth: number; text: string; from: number; isNumbered?: boolean }

/** The deepest level whose headings begin a page: the first of these that gives no more than the allowed number of pages. */
const DEPTHS = [3, 2, 1, 0]
/** Characters. In UTF-8 each takes at most three bytes, so these always fit into a page. */
const PART = Math.floor(MAX_PAGE_BYTES / 3)

/**
 * Every word of the text is on a page. `opening`: the title of the page for the text above the first heading. `most`: the limit of pages.
 */
export function splitPages(
  text: string,
  headings: readonly Heading[],
  { opening, most = MAX_PAGES }: { opening: string; most?: number },
): TextPage[] {
  for (const depth of DEPTHS) {
    const chosen = headings.filter((heading) => heading.depth <= depth)
    const pages = chosen.length <= most ? pagesOf(text, chosen, opening) : []
    if (pages.length > 0 && pages.length <= most) return numbered(pages)
  }
  return []
}

function pagesOf(text: string, headings: readonly Heading[], opening: string): TextPage[] {
  const [first] = headings
  const lead = text.slice(0, first?.from ?? text.length)
  const pages = headings.flatMap((heading, place) =>
    partsOf(heading, text.slice(heading.to, headings[place + 1]?.from ?? text.length)),
  )
  return lead.trim() ? [...partsOf({ title: opening, depth: 1, from: 0, to: 0 }, lead), ...pages] : pages
}

/** One page, or several for a text that is too long for one. */
function partsOf({ title, depth, from, to, lost = '' }: Heading, below: string): TextPage[] {
  const short = shortened(title, MAX_PAGE_TITLE)
  const body = below.trim()
  const begin = to + below.indexOf(body)
  // A heading that is too long for a title is repeated in full above its text.
  const whole = [short === title || lost ? lost : `**${title}**`, body].filter(Boolean).join('\n\n')
  const parts: TextPage[] = []
  for (let rest = whole; rest || parts.length === 0;) {
    const place = parts.length === 0 ? from : begin + body.length - rest.length
    const { kept, rest: next } = bytesOf(rest) <= MAX_PAGE_BYTES ? { kept: rest, rest: '' } : cutText(rest, PART)
    parts.push({ title: short, depth, text: kept, from: place })
    rest = next
  }
  return parts
}

/** A repeated title gets a number, so that a link names one page. */
function numbered(pages: readonly TextPage[]): TextPage[] {
  const seen = new Map<string, number>()
  return pages.map((page) => {
    const count = (seen.get(page.title) ?? 0) + 1
    seen.set(page.title, count)
    if (count === 1) return page
    return { ...page, title: `${shortened(page.title, MAX_PAGE_TITLE - 8)} (${count})`, isNumbered: true }
  })
}

/** The pages that hold the text between two offsets. */
export function pagesBetween(pages: readonly TextPage[], from: number, to: number): readonly TextPage[] {
  return pages.slice(Math.max(0, countUpTo(pages, from) - 1), countUpTo(pages, to))
}

/** The number of pages that begin at an offset or before it. */
function countUpTo(pages: readonly TextPage[], place: number): number {
  let [low, high] = [0, pages.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((pages[middle]?.from ?? 0) <= place) low = middle + 1
    else high = middle
  }
  return low
}
