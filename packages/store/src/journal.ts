import type { StatePatch } from '@tablecast/contracts'
import type { Kysely, Selectable } from 'kysely'
import type { Database } from './schema.ts'

/**
 * One change of a campaign. `entry`: an entry was edited, deleted or put back. `target`: what an undo or redo refers to.
 * `previousUndo`, `previousRedo`: the heads before this change, so that the two stacks are linked lists and cost the same at any length.
 * `operation`: what a step of a fight was asked to do, and `applied`: what it really changed, both JSON; null for an edit.
 */
export type JournalRow = {
  campaignId: string
  version: number
  at: string
  actorId: string
  kind: 'change' | 'undo' | 'redo' | 'entry'
  patch: StatePatch | null
  inverse: StatePatch | null
  entryIds: string[]
  target: number | null
  previousUndo: number | null
  previousRedo: number | null
  operation: string | null
  applied: string | null
}

export interface Journal {
  append(row: JournalRow): Promise<void>
  get(campaignId: string, version: number): Promise<JournalRow | null>
  /** Rows with a version above `version`, oldest first. */
  since(campaignId: string, version: number, limit: number): Promise<JournalRow[]>
}

export const journal = (database: Kysely<Database>): Journal => ({
  async append(row) {
    await database
      .insertInto('campaign_journal')
      .values({
        campaign_id: row.campaignId,
        version: row.version,
        at: row.at,
        actor_id: row.actorId,
        kind: row.kind,
        patch: row.patch && JSON.stringify(row.patch),
        inverse: row.inverse && JSON.stringify(row.inverse),
        entry_ids: JSON.stringify(row.entryIds),
        target: row.target,
        previous_undo: row.previousUndo,
        previous_redo: row.previousRedo,
        operation: row.operation,
        applied: row.applied,
      })
      .execute()
  },

  async get(campaignId, version) {
    const row = await database
      .selectFrom('campaign_journal')
      .selectAll()
      .where('campaign_id', '=', campaignId)
      .where('version', '=', version)
      .executeTakeFirst()
    return row ? toJournalRow(row) : null
  },

  async since(campaignId, version, limit) {
    const rows = await database
      .selectFrom('campaign_journal')
      .selectAll()
      .where('campaign_id', '=', campaignId)
      .where('version', '>', version)
      .orderBy('version')
      .limit(limit)
      .execute()
    return rows.map(toJournalRow)
  },
})

const toJournalRow = (row: Selectable<Database['campaign_journal']>): JournalRow => ({
  campaignId: row.campaign_id,
  version: row.version,
  at: row.at,
  actorId: row.actor_id,
  kind: row.kind as JournalRow['kind'],
  patch: row.patch === null ? null : (JSON.parse(row.patch) as StatePatch),
  inverse: row.inverse === null ? null : (JSON.parse(row.inverse) as StatePatch),
  entryIds: JSON.parse(row.entry_ids) as string[],
  target: row.target,
  previousUndo: row.previous_undo,
  previousRedo: row.previous_redo,
  operation: row.operation,
  applied: row.applied,
})
