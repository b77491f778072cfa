import {
  type CampaignOrigin,
  type CampaignState,
  type LibraryItem,
  STATE_VERSION,
  TablecastError,
  frozen,
  healState,
} from '@tablecast/contracts'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { StatesOfTransaction } from './known-states.ts'
import type { Database } from './schema.ts'
import { StateText } from './state-text.ts'

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
  /** Written once, and null for a campaign of an older version. */
  origin?: CampaignOrigin | null
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
  /** Null for a deleted campaign. */
  get(id: string): Promise<CampaignRow | null>
  /** Also finds a deleted campaign. */
  find(id: string): Promise<(CampaignRow & { deletedAt: string | null }) | null>
  /** The ids of all campaigns of a room, with the deleted ones. */
  ids(roomId: string): Promise<string[]>
  /** The newest change first. `deleted`: the deleted ones instead of the others. */
  list(roomId: string, choice?: { deleted: boolean }): Promise<LibraryItem[]>
  /** Copies entries, pages and encounters from one campaign into another one that has none, all in one statement each. */
  copyContents(from: string, to: string, choice: { withEntries: boolean }): Promise<void>
  /** Null restores the campaign. */
  setDeleted(id: string, deletedAt: string | null): Promise<void>
  /**
   * Marks campaigns that were deleted before that time as incomplete, so that nobody restores them and `discardArriving` removes them.
   * Returns their ids.
   */
  giveUpDeleted(before: string): Promise<string[]>
  rename(id: string, name: string, at: string): Promise<void>
  setArchived(id: string, archived: boolean, at: string): Promise<void>
  /** Throws UNAVAILABLE, and saves nothing, where a newer server wrote a state that this one does not know. */
  save(row: Pick<CampaignRow, 'id' | 'state' | 'version' | 'undoHead' | 'redoHead' | 'updatedAt'>): Promise<void>
}

/** The value of the column `archived`, beside 0 and 1, for an incomplete campaign. */
const ARRIVING = 2
/** The number of rows of an incomplete campaign that are deleted at a time. */
const DISCARDED_ROWS = 1_000

export const campaigns = (database: Kysely<Database>, states: StatesOfTransaction): Campaigns => ({
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
    const entries = await database
      .deleteFrom('narrative_entries')
      .where('position', 'in', (inner) =>
        inner
          .selectFrom('narrative_entries')
          .select('position')
          .where('campaign_id', '=', id)
          .orderBy('position')
          .limit(DISCARDED_ROWS),
      )
      .executeTakeFirstOrThrow()
    if (entries.numDeletedRows >= DISCARDED_ROWS) return false
    const changes = await database
      .deleteFrom('campaign_journal')
      .where('campaign_id', '=', id)
      .where('version', 'in', (inner) =>
        inner
          .selectFrom('campaign_journal')
          .select('version')
          .where('campaign_id', '=', id)
          .orderBy('version')
          .limit(DISCARDED_ROWS),
      )
      .executeTakeFirstOrThrow()
    if (changes.numDeletedRows >= DISCARDED_ROWS) return false
    const rolls = await sql`delete from dice_rolls where (chain_id, counter) in (
      select chain_id, counter from dice_rolls where chain_id in (select id from dice_chains where campaign_id = ${id})
      limit ${sql.lit(DISCARDED_ROWS)})`.execute(database)
    if ((rolls.numAffectedRows ?? 0n) >= DISCARDED_ROWS) return false
    await database.deleteFrom('campaigns').where('id', '=', id).execute()
    return true
  },

  async get(id) {
    const found = await find(database, states, id)
    if (!found || found.deletedAt !== null) return null
    const { deletedAt: _none, ...row } = found
    return row
  },

  find: (id) => find(database, states, id),

  async ids(roomId) {
    const rows = await database
      .selectFrom('campaigns')
      .select('id')
      .where('room_id', '=', roomId)
      .where('archived', '<>', ARRIVING)
      .execute()
    return rows.map(({ id }) => id)
  },

  async list(roomId, { deleted } = { deleted: false }) {
    const rows = await database
      .selectFrom('campaigns')
      .innerJoin('rooms', 'rooms.id', 'campaigns.room_id')
      .select((row) => [
        'campaigns.id',
        'campaigns.name',
        'archived',
        'version',
        'campaigns.created_at',
        'updated_at',
        'active_campaign_id',
        'origin',
        'deleted_at',
        row
          .selectFrom('narrative_entries')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .whereRef('narrative_entries.campaign_id', '=', 'campaigns.id')
          .as('entries'),
        row
          .selectFrom('campaign_pages')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .whereRef('campaign_pages.campaign_id', '=', 'campaigns.id')
          .as('pages'),
      ])
      .where('room_id', '=', roomId)
      .where('archived', '<>', ARRIVING)
      .where('deleted_at', deleted ? 'is not' : 'is', null)
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
      origin: toOrigin(row.origin),
      entries: Number(row.entries),
      pages: Number(row.pages),
      deletedAt: row.deleted_at,
    }))
  },

  async copyContents(from, to, { withEntries }) {
    if (withEntries)
      await sql`insert into narrative_entries (campaign_id, id, audience, withdrawn, entry)
        select ${to}, id, audience, withdrawn, entry from narrative_entries
        where campaign_id = ${from} order by position`.execute(database)
    await sql`insert into campaign_pages (campaign_id, id, place, title, depth, bytes, text)
      select ${to}, id, place, title, depth, bytes, text from campaign_pages where campaign_id = ${from}`.execute(
      database,
    )
    await sql`insert into encounters (campaign_id, id, name, bytes, text, version, created_at, updated_at)
      select ${to}, id, name, bytes, text, version, created_at, updated_at from encounters
      where campaign_id = ${from}`.execute(database)
  },

  async setDeleted(id, deletedAt) {
    await database.updateTable('campaigns').set({ deleted_at: deletedAt }).where('id', '=', id).execute()
  },

  async giveUpDeleted(before) {
    const rows = await database
      .updateTable('campaigns')
      .set({ archived: ARRIVING })
      .where('deleted_at', '<', before)
      .where('archived', '<>', ARRIVING)
      .returning('id')
      .execute()
    return rows.map(({ id }) => id)
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
    const text = new StateText(state, states.takeText(id))
    const { numUpdatedRows } = await database
      .updateTable('campaigns')
      .set({
        // Both databases take the bytes for text in UTF-8.
        state: sql<string>`cast(${text.bytes} as text)`,
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
    const row = { id, version, updated_at: updatedAt, state_version: STATE_VERSION }
    states.meet(row, { state: frozen(healState(state)), text, size: text.bytes.length })
  },
})

async function whyNotSaved(database: Kysely<Database>, id: string): Promise<TablecastError> {
  const row = await database.selectFrom('campaigns').select('state_version').where('id', '=', id).executeTakeFirst()
  if (!row) return new TablecastError('CAMPAIGN_NOT_FOUND', 'There is no such campaign any more. Choose another.')
  return new TablecastError(
    'UNAVAILABLE',
    'This campaign was changed by a newer version of the server. Try again when the upgrade is done.',
  )
}

const COLUMNS_BUT_STATE = [
  'id',
  'room_id',
  'name',
  'archived',
  'state_version',
  'version',
  'undo_head',
  'redo_head',
  'created_at',
  'updated_at',
  'origin',
  'deleted_at',
] as const

async function find(
  database: Kysely<Database>,
  states: StatesOfTransaction,
  id: string,
): Promise<(CampaignRow & { deletedAt: string | null }) | null> {
  const query = database.selectFrom('campaigns').where('id', '=', id).where('archived', '<>', ARRIVING)
  const head = await query.select(COLUMNS_BUT_STATE).executeTakeFirst()
  if (!head) return null
  const known = states.find(head)
  if (known) return toCampaign(head, known)
  // Without a lock the row may have changed since: all of it is read together.
  const row = await query.select([...COLUMNS_BUT_STATE, 'state']).executeTakeFirst()
  if (!row) return null
  // An older version may have damaged the state. It is healed here, and stored with the next change.
  const state = frozen(healState(JSON.parse(row.state) as CampaignState))
  states.meet(row, { state, text: null, size: Buffer.byteLength(row.state) })
  return toCampaign(row, state)
}

type Columns = Pick<Selectable<Database['campaigns']>, (typeof COLUMNS_BUT_STATE)[number]>

function toCampaign(row: Columns, state: CampaignState): CampaignRow & { deletedAt: string | null } {
  return {
    id: row.id,
    roomId: row.room_id,
    name: row.name,
    archived: row.archived === 1,
    state,
    version: row.version,
    undoHead: row.undo_head,
    redoHead: row.redo_head,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    origin: toOrigin(row.origin),
    deletedAt: row.deleted_at,
  }
}

const toOrigin = (origin: string | null): CampaignOrigin | null =>
  origin === null ? null : (JSON.parse(origin) as CampaignOrigin)

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
  origin: row.origin ? JSON.stringify(row.origin) : null,
})
