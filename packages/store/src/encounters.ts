import { bytesOf } from '@tablecast/contracts'
import type { Kysely } from 'kysely'
import type { Database } from './schema.ts'

/** `text`: the prepared encounter, JSON. `version`: grows by one with each change. */
type EncounterRow = {
  id: string
  name: string
  text: string
  version: number
  createdAt: string
  updatedAt: string
}

/** The encounters that DMs prepared for a campaign. Players never read them. */
export interface Encounters {
  insert(campaignId: string, row: EncounterRow): Promise<void>
  /** The newest changed first, with their texts. */
  list(campaignId: string): Promise<EncounterRow[]>
  get(campaignId: string, id: string): Promise<EncounterRow | null>
  /** Stores the row over its version before; false, and nothing is stored, where another change came in between. */
  save(campaignId: string, row: Omit<EncounterRow, 'createdAt'>): Promise<boolean>
  count(campaignId: string): Promise<number>
  /** False when it was not there. */
  remove(campaignId: string, id: string): Promise<boolean>
}

const columns = ['id', 'name', 'text', 'version', 'created_at', 'updated_at'] as const

export const encounters = (database: Kysely<Database>): Encounters => ({
  async insert(campaignId, { createdAt, updatedAt, ...row }) {
    await database
      .insertInto('encounters')
      .values({
        ...row,
        campaign_id: campaignId,
        bytes: bytesOf(row.text),
        created_at: createdAt,
        updated_at: updatedAt,
      })
      .execute()
  },

  async list(campaignId) {
    const rows = await database
      .selectFrom('encounters')
      .select(columns)
      .where('campaign_id', '=', campaignId)
      .orderBy('updated_at', 'desc')
      .orderBy('id')
      .execute()
    return rows.map(toEncounter)
  },

  async get(campaignId, id) {
    const row = await database
      .selectFrom('encounters')
      .select(columns)
      .where('campaign_id', '=', campaignId)
      .where('id', '=', id)
      .executeTakeFirst()
    return row ? toEncounter(row) : null
  },

  async save(campaignId, { id, name, text, version, updatedAt }) {
    const { numUpdatedRows } = await database
      .updateTable('encounters')
      .set({ name, text, bytes: bytesOf(text), version, updated_at: updatedAt })
      .where('campaign_id', '=', campaignId)
      .where('id', '=', id)
      .where('version', '=', version - 1)
      .executeTakeFirstOrThrow()
    return numUpdatedRows > 0n
  },

  async count(campaignId) {
    const { rows } = await database
      .selectFrom('encounters')
      .select((all) => all.fn.countAll<number>().as('rows'))
      .where('campaign_id', '=', campaignId)
      .executeTakeFirstOrThrow()
    return rows
  },

  async remove(campaignId, id) {
    const { numDeletedRows } = await database
      .deleteFrom('encounters')
      .where('campaign_id', '=', campaignId)
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    return numDeletedRows > 0n
  },
})

const toEncounter = (row: {
  id: string
  name: string
  text: string
  version: number
  created_at: string
  updated_at: string
}): EncounterRow => ({
  id: row.id,
  name: row.name,
  text: row.text,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})
