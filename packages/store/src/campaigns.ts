import {
  type CampaignState,
  type CampaignSummary,
  STATE_VERSION,
  TablecastError,
  healState,
} from '@tablecast/contracts'
import type { Kysely } from 'kysely'
import type { Database } from './schema.ts'

/**
 * `undoHead`: the journal version that an undo takes back next; `redoHead`: the version of the undo that a redo takes back.
 * Null when there is nothing to do.
 */
export type CampaignRow = {
  id: string
  roomId: string
  name: string
  archived: boolean
  state: CampaignState
  version: number
  undoHead: number | null
  redoHead: number | null
  createdAt: string
  updatedAt: string
}

export interface Campaigns {
  insert(row: CampaignRow): Promise<void>
  /** Inserts a campaign whose entries follow in later transactions. No list shows it before `arrived`. */
  insertArriving(row: CampaignRow): Promise<void>
  /** Marks a campaign as complete. */
  arrived(id: string, at: string): Promise<void>
  /** The ids of incomplete campaigns that were inserted before that time. */
  arrivingBefore(before: string): Promise<string[]>
  /** Deletes a part of an incomplete campaign. True after the last part. */
  discardArriving(id: string): Promise<boolean>
  get(id: string): Promise<CampaignRow | null>
  list(roomId: string): Promise<CampaignSummary[]>
  rename(id: string, name: string, at: string): Promise<void>
  setArchived(id: string, archived: boolean, at: string): Promise<void>
  /** Throws UNAVAILABLE, and saves nothing, where a newer server wrote a state that this one does not know. */
  save(row: Pick<CampaignRow, 'id' | 'state' | 'version' | 'undoHead' | 'redoHead' | 'updatedAt'>): Promise<void>
}

/** The value of the column `archived`, beside 0 and 1, for an incomplete campaign. */
const ARRIVING = 2
/** The number of entries of an incomplete campaign that are deleted at a time. */
const DISCARD_ENTRIES = 1_000

export const campaigns = (database: Kysely<Database>): Campaigns => ({
  async insert(row) {
    await database.insertInto('campaigns').values(fromCampaign(row)).execute()
  },

  async insertArriving(row) {
    await database
      .insertInto('campaigns')
      .values({ ...fromCampaign(row), archived: ARRIVING })
      .execute()
  },

  async arrived(id, at) {
    await database
      .updateTable('campaigns')
      .set({ archived: 0, created_at: at, updated_at: at })
      .where('id', '=', id)
      .where('archived', '=', ARRIVING)
      .execute()
  },

  async arrivingBefore(before) {
    const rows = await database
      .selectFrom('campaigns')
      .select('id')
      .where('archived', '=', ARRIVING)
      .where('created_at', '<', before)
      .execute()
    return rows.map(({ id }) => id)
  },

  async discardArriving(id) {
    const row = await database.selectFrom('campaigns').select('archived').where('id', '=', id).executeTakeFirst()
    if (row?.archived !== ARRIVING) return true
    const { numDeletedRows } = await database
      .deleteFrom('narrative_entries')
      .where('position', 'in', (inner) =>
        inner
          .selectFrom('narrative_entries')
          .select('position')
          .where('campaign_id', '=', id)
          .orderBy('position')
          .limit(DISCARD_ENTRIES),
      )
      .executeTakeFirstOrThrow()
    if (numDeletedRows >= DISCARD_ENTRIES) return false
    await database.deleteFrom('campaigns').where('id', '=', id).execute()
    return true
  },

  async get(id) {
    const row = await database
      .selectFrom('campaigns')
      .selectAll()
      .where('id', '=', id)
      .where('archived', '<>', ARRIVING)
      .executeTakeFirst()
    if (!row) return null
    return {
      id: row.id,
      roomId: row.room_id,
      name: row.name,
      archived: row.archived === 1,
      // An older version may have damaged the state. It is healed here, and stored with the next change.
      state: healState(JSON.parse(row.state) as CampaignState),
      version: row.version,
      undoHead: row.undo_head,
      redoHead: row.redo_head,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    }
  },

  async list(roomId) {
    const rows = await database
      .selectFrom('campaigns')
      .innerJoin('rooms', 'rooms.id', 'campaigns.room_id')
      .select([
        'campaigns.id',
        'campaigns.name',
        'archived',
        'version',
        'campaigns.created_at',
        'updated_at',
        'active_campaign_id',
      ])
      .where('room_id', '=', roomId)
      .where('archived', '<>', ARRIVING)
      .orderBy('updated_at', 'desc')
      .orderBy('campaigns.id')
      .execute()
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      archived: row.archived === 1,
      active: row.active_campaign_id === row.id,
      version: row.version,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    }))
  },

  async rename(id, name, at) {
    await database.updateTable('campaigns').set({ name, updated_at: at }).where('id', '=', id).execute()
  },

  async setArchived(id, archived, at) {
    await database
      .updateTable('campaigns')
      .set({ archived: Number(archived), updated_at: at })
      .where('id', '=', id)
      .execute()
  },

  async save({ id, state, version, undoHead, redoHead, updatedAt }) {
    const { numUpdatedRows } = await database
      .updateTable('campaigns')
      .set({
        state: JSON.stringify(state),
        state_version: STATE_VERSION,
        version,
        undo_head: undoHead,
        redo_head: redoHead,
        updated_at: updatedAt,
      })
      .where('id', '=', id)
      .where('state_version', '<=', STATE_VERSION)
      .executeTakeFirstOrThrow()
    if (numUpdatedRows === 0n) throw await whyNotSaved(database, id)
  },
})

async function whyNotSaved(database: Kysely<Database>, id: string): Promise<TablecastError> {
  const row = await database.selectFrom('campaigns').select('state_version').where('id', '=', id).executeTakeFirst()
  if (!row) return new TablecastError('CAMPAIGN_NOT_FOUND', 'There is no such campaign any more.')
  return new TablecastError(
    'UNAVAILABLE',
    'This campaign was changed by a newer version of the server. Try again when the upgrade is done.',
  )
}

const fromCampaign = (row: CampaignRow) => ({
  id: row.id,
  room_id: row.roomId,
  name: row.name,
  archived: Number(row.archived),
  state: JSON.stringify(row.state),
  state_version: STATE_VERSION,
  version: row.version,
  undo_head: row.undoHead,
  redo_head: row.redoHead,
  created_at: row.createdAt,
  updated_at: row.updatedAt,
})
