import { bytesOf, type Page, type PageHeading } from '@tablecast/contracts'
import type { Kysely } from 'kysely'
import { groupsOf } from './groups.ts'
import type { Database } from './schema.ts'

/** The text of an adventure, stored beside its campaign: written once, and read a page at a time. */
export interface Pages {
  /** Stores the pages of a campaign that has no pages yet, in the given order. */
  insert(campaignId: string, pages: readonly Page[]): Promise<void>
  /** In order, without reading the texts. */
  list(campaignId: string): Promise<PageHeading[]>
  get(campaignId: string, id: string): Promise<Page | null>
  /** In order, with their texts: up to `MAX_CAMPAIGN_PAGES_BYTES` in memory. */
  all(campaignId: string): Promise<Page[]>
}

/** Rows of one statement: 350 parameters. */
const ROWS = 50

export const pages = (database: Kysely<Database>): Pages => ({
  async insert(campaignId, added) {
    const rows = added.map(({ id, title, depth, text }, place) => ({
      campaign_id: campaignId,
      id,
      place,
      title,
      depth,
      bytes: bytesOf(text),
      text,
    }))
    for (const group of groupsOf(rows, ROWS)) await database.insertInto('campaign_pages').values(group).execute()
  },

  list: (campaignId) =>
    database
      .selectFrom('campaign_pages')
      .select(['id', 'title', 'depth', 'bytes'])
      .where('campaign_id', '=', campaignId)
      .orderBy('place')
      .execute(),

  async get(campaignId, id) {
    const row = await database
      .selectFrom('campaign_pages')
      .select(['id', 'title', 'depth', 'text'])
      .where('campaign_id', '=', campaignId)
      .where('id', '=', id)
      .executeTakeFirst()
    return row ?? null
  },

  all: (campaignId) =>
    database
      .selectFrom('campaign_pages')
      .select(['id', 'title', 'depth', 'text'])
      .where('campaign_id', '=', campaignId)
      .orderBy('place')
      .execute(),
})
