import { bytesOf, type Page, type PageHeading } from '@tablecast/contracts'
import type { Kysely } from 'kysely'
import type { Database } from './schema.ts'

/** The text of an adventure beside its campaign: written once, and read a page at a time. */
export interface Pages {
  /** Those of a campaign that has none yet, in their order. */
  insert(campaignId: string, pages: readonly Page[]): Promise<void>
  /** In their order. No text is read for it. */
  list(campaignId: string): Promise<PageHeading[]>
  get(campaignId: string, id: string): Promise<Page | null>
  /** With their texts: as much as a campaign may hold. */
  all(campaignId: string): Promise<Page[]>
}

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
    // The parameters of a statement are limited.
    for (let from = 0; from < rows.length; from += ROWS)
      await database
        .insertInto('campaign_pages')
        .values(rows.slice(from, from + ROWS))
        .execute()
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
