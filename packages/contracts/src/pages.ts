// The text of an adventure as it was brought along: for DMs, read a page at a time, and no part of the campaign's state.
import { z } from 'zod'
import { Id } from './ids.ts'
import { Line, mendText } from './text.ts'

export const MAX_PAGE_BYTES = 65_536
export const MAX_PAGES = 1_000
export const MAX_PAGE_TITLE = 200
/** What the pages of one campaign hold together where the server was not told another number. */
export const MAX_PAGES_BYTES = 5_242_880

/** `depth`: of the heading that begins the page, 1 to 6. `text`: Markdown, without that heading. */
export const Page = z.object({
  id: Id,
  title: Line(MAX_PAGE_TITLE),
  depth: z.int().min(1).max(6),
  text: z
    .string()
    .overwrite(mendText)
    .refine((text) => bytesOf(text) <= MAX_PAGE_BYTES, `must be at most ${MAX_PAGE_BYTES.toLocaleString('en')} bytes`),
})
export type Page = z.infer<typeof Page>

/** What the list of a campaign's pages tells of each. */
export type PageHeading = Pick<Page, 'id' | 'title' | 'depth'> & { bytes: number }

const inCampaign = z.object({ roomId: Id, campaignId: Id })
export const PagesInput = inCampaign
export const PageInput = inCampaign.extend({ pageId: Id })

/** In the order of the adventure. */
export type PageList = { pages: PageHeading[] }

/** How DMs' notes name a page. */
export const linkToPage = (title: string): string => `[[${title}]]`

const encoder = new TextEncoder()

/** Of a text in UTF-8. */
export const bytesOf = (text: string): number => encoder.encode(text).length
