import { bytesOf } from '@tablecast/contracts'
import type { Kysely } from 'kysely'
import type { Database } from './schema.ts'

/** `characterId`: also of a request for a character. `hash`: of the content. `text`: the sheet, JSON. */
type SheetRow = { characterId: string; hash: string; text: string }

/**
 * The sheets of characters. A row never changes: the state names the one that counts by its hash, so that an undo finds the sheet before.
 */
export interface Sheets {
  /** Does nothing for a known row, but to make it the newest. */
  put(campaignId: string, row: SheetRow, at: string): Promise<void>
  find(campaignId: string, characterId: string, hash: string): Promise<SheetRow | null>
  /** All of a campaign. */
  all(campaignId: string): Promise<SheetRow[]>
  /** Removes all sheets of a character but its newest ones and that of `hash`. */
  keepNewest(campaignId: string, characterId: string, choice: { count: number; hash: string }): Promise<void>
}

const columns = ['character_id', 'hash', 'text'] as const

export const sheets = (database: Kysely<Database>): Sheets => ({
  async put(campaignId, { characterId, hash, text }, at) {
    await database
      .insertInto('sheets')
      .values({
        campaign_id: campaignId,
        character_id: characterId,
        hash,
        bytes: bytesOf(text),
        text,
        saved_at: at,
      })
      .onConflict((conflict) => conflict.columns(['campaign_id', 'character_id', 'hash']).doUpdateSet({ saved_at: at }))
      .execute()
  },

  async find(campaignId, characterId, hash) {
    const row = await database
      .selectFrom('sheets')
      .select(columns)
      .where('campaign_id', '=', campaignId)
      .where('character_id', '=', characterId)
      .where('hash', '=', hash)
      .executeTakeFirst()
    return row ? toSheet(row) : null
  },

  async all(campaignId) {
    const rows = await database
      .selectFrom('sheets')
      .select(columns)
      .where('campaign_id', '=', campaignId)
      .orderBy('character_id')
      .orderBy('hash')
      .execute()
    return rows.map(toSheet)
  },

  async keepNewest(campaignId, characterId, { count, hash }) {
    const kept = await database
      .selectFrom('sheets')
      .select('hash')
      .where('campaign_id', '=', campaignId)
      .where('character_id', '=', characterId)
      .orderBy('saved_at', 'desc')
      .orderBy('hash')
      .limit(count)
      .execute()
    if (kept.length < count) return
    await database
      .deleteFrom('sheets')
      .where('campaign_id', '=', campaignId)
      .where('character_id', '=', characterId)
      .where('hash', 'not in', [hash, ...kept.map((row) => row.hash)])
      .execute()
  },
})

const toSheet = (row: { character_id: string; hash: string; text: string }): SheetRow => ({
  characterId: row.character_id,
  hash: row.hash,
  text: row.text,
})
