// An adventure as pages: one for each heading, in its order.
import { bytesOf, MAX_PAGE_BYTES, MAX_PAGE_TITLE, MAX_PAGES } from '@tablecast/contracts'
import { cutText, shortened } from './cut-text.ts'

/** `from`, `to`: where the heading stands in the text. */
export type Heading = { title: string; depth: number; from: number; to: number }

/** `from`: where the page begins in the text. */
export type TextPage = { title: string; depth: number; text: string; from: number }

/** Headings below these begin no page of their own; a text with very many pages has fewer. */
const DEPTHS = [3, 2, 1, 0]
/** So many characters are never more bytes than a page holds. */
const PART = Math.floor(MAX_PAGE_BYTES / 3)

/** `opening`: the title of what stands before the first heading. Every character of the text but its headings' marks is in a page. */
export function splitPages(text: string, headings: readonly Heading[], opening: string): TextPage[] {
  for (const depth of DEPTHS) {
    const chosen = headings.filter((heading) => heading.depth <= depth)
    const pages = chosen.length < MAX_PAGES ? pagesOf(text, chosen, opening) : []
    if (pages.length > 0 && pages.length <= MAX_PAGES) return numbered(pages)
  }
  return []
}

function pagesOf(text: string, headings: readonly Heading[], opening: string): TextPage[] {
  const [first] = headings
  const lead = text.slice(0, first?.from ?? text.length).trim()
  const pages = headings.flatMap((heading, place) =>
    partsOf(heading, text.slice(heading.to, headings[place + 1]?.from ?? text.length), heading.from),
  )
  return lead ? [...partsOf({ title: opening, depth: 1 }, lead, 0), ...pages] : pages
}

/** One page, or several where the text is longer than one holds. */
function partsOf({ title, depth }: { title: string; depth: number }, body: string, from: number): TextPage[] {
  const short = shortened(title, MAX_PAGE_TITLE)
  const whole = [short === title ? '' : `**${title}**`, body.trim()].filter(Boolean).join('\n\n')
  const parts: TextPage[] = []
  for (let rest = whole; rest || parts.length === 0;) {
    const { kept, rest: next } = bytesOf(rest) <= MAX_PAGE_BYTES ? { kept: rest, rest: '' } : cutText(rest, PART)
    parts.push({ title: short, depth, text: kept, from })
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
    return count === 1 ? page : { ...page, title: `${shortened(page.title, MAX_PAGE_TITLE - 8)} (${count})` }
  })
}
