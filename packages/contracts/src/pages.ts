// The text of an imported adventure. DMs read it a page at a time; it is not part of the campaign's state.
import { z } from 'zod'
import { Id } from './ids.ts'
import { Line, normalizeText } from './text.ts'

export const MAX_PAGE_BYTES = 65_536
export const MAX_PAGES = 1_000
export const MAX_PAGE_TITLE = 200
/** The default of `MAX_CAMPAIGN_PAGES_BYTES`: bytes of all pages of one campaign. */
export const MAX_PAGES_BYTES = 5_242_880

/** `depth`: the level of the heading that begins the page, 1 to 6. `text`: Markdown, without that heading. */
export const Page = z.object({
  id: Id,
  title: Line(MAX_PAGE_TITLE),
  depth: z.int().min(1).max(6),
  text: z
    .string()
    .overwrite(normalizeText)
    .refine((text) => bytesOf(text) <= MAX_PAGE_BYTES, `must be at most ${MAX_PAGE_BYTES.toLocaleString('en')} bytes`),
})
export type Page = z.infer<typeof Page>

/** One row in the list of a campaign's pages. */
export type PageHeading = Pick<Page, 'id' | 'title' | 'depth'> & { bytes: number }

const inCampaign = z.object({ roomId: Id, campaignId: Id })
export const PagesInput = inCampaign
export const PageInput = inCampaign.extend({ pageId: Id })

/** The list has the order of the adventure. */
export type PageList = { pages: PageHeading[] }

/** The form in which DM notes name a page. */
export const linkToPage = (title: string): string => `[[${title}]]`

const encoder = new TextEncoder()

/** The length of a text in UTF-8, in bytes. */
export const bytesOf = (text: string): number => encoder.encode(text).length
