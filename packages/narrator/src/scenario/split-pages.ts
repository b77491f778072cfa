// An adventure as pages: one for each heading, in its order.
import { bytesOf, MAX_PAGE_BYTES, MAX_PAGE_TITLE, MAX_PAGES } from '@tablecast/contracts'
import { cutText, shortened } from './cut-text.ts'

/** `from`, `to`: where the heading stands in the text. `lost`: its source, where the title lacks a word of it, such as a comment. */
export type Heading = { title: string; depth: number; from: number; to: number; lost?: string }

/** `from`: where the page begins in the text. `isNumbered`: its title got a number, since it stands more than once. */
export type TextPage = { title: string; depth: number; text: string; from: number; isNumbered?: boolean }

/** Headings below these begin no page of their own; a text with very many pages has fewer. */
const DEPTHS = [3, 2, 1, 0]
/** So many characters are never more bytes than a page holds. */
const PART = Math.floor(MAX_PAGE_BYTES / 3)

/**
 * `opening`: the title of what stands before the first heading. Every word of the text is on a page. At most so many pages.
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

/** One page, or several where the text is longer than one holds. */
function partsOf({ title, depth, from, to, lost = '' }: Heading, below: string): TextPage[] {
  const short = shortened(title, MAX_PAGE_TITLE)
  const body = below.trim()
  const begin = to + below.indexOf(body)
  // A heading that is too long stands in full above its text.
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

/** A title that stands more than once gets a number, so that each page can be named. */
function numbered(pages: readonly TextPage[]): TextPage[] {
  const seen = new Map<string, number>()
  return pages.map((page) => {
    const count = (seen.get(page.title) ?? 0) + 1
    seen.set(page.title, count)
    if (count === 1) return page
    return { ...page, title: `${shortened(page.title, MAX_PAGE_TITLE - 8)} (${count})`, isNumbered: true }
  })
}

/** The pages that hold what stands from one place of the text to another. */
export function pagesBetween(pages: readonly TextPage[], from: number, to: number): readonly TextPage[] {
  return pages.slice(Math.max(0, countUpTo(pages, from) - 1), countUpTo(pages, to))
}

/** How many pages begin at a place or before it. */
function countUpTo(pages: readonly TextPage[], place: number): number {
  let [low, high] = [0, pages.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((pages[middle]?.from ?? 0) <= place) low = middle + 1
    else high = middle
  }
  return low
}
