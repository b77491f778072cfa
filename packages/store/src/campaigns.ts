import {
  type CampaignState,
  entryForPlayers,
  type NarrativeEntry,
  type StatePatch,
  withMark,
  withUniqueIds,
} from '@tablecast/contracts'
import type { Kysely, Selectable } from 'kysely'
import type { Database } from './schema.ts'
import type { CampaignRow, Campaigns, Entries, EntryAudience, Journal, JournalRow } from './store.ts'

/** In the column `archived`, beside 0 and 1: the entries are still to come, and nobody sees it. */
const ARRIVING = 2
/** Of one that did not arrive, so many entries are dropped at a time. */
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
      // One that an older version damaged is healed here, and stored so with its next change.
      state: withUniqueIds(JSON.parse(row.state) as CampaignState),
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
    await database
      .updateTable('campaigns')
      .set({ state: JSON.stringify(state), version, undo_head: undoHead, redo_head: redoHead, updated_at: updatedAt })
      .where('id', '=', id)
      .execute()
  },
})

const fromCampaign = (row: CampaignRow) => ({
  id: row.id,
  room_id: row.roomId,
  name: row.name,
  archived: Number(row.archived),
  state: JSON.stringify(row.state),
  version: row.version,
  undo_head: row.undoHead,
  redo_head: row.redoHead,
  created_at: row.createdAt,
  updated_at: row.updatedAt,
})

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
})

export const entries = (database: Kysely<Database>): Entries => ({
  async append(campaignId, added) {
    // A statement holds so many parameters and no more; an import brings many thousand entries.
    for (let from = 0; from < added.length; from += 100)
      await database
        .insertInto('narrative_entries')
        .values(
          added.slice(from, from + 100).map((entry) => ({
            campaign_id: campaignId,
            id: entry.id,
            audience: audienceKey(entry),
            withdrawn: Number(entry.withdrawn),
            entry: JSON.stringify(entry),
          })),
        )
        .execute()
  },

  async page(campaignId, audience, { before, limit }) {
    let query = database
      .selectFrom('narrative_entries')
      .select(['entry', 'withdrawn'])
      .where('campaign_id', '=', campaignId)
      .orderBy('position', 'desc')
      .limit(limit + 1)
    const heard = heardBy(audience)
    if (heard !== null) query = query.where('audience', '=', heard)
    if (before !== undefined)
      query = query.where('position', '<', (inner) => {
        const place = inner
          .selectFrom('narrative_entries')
          .select('position')
          .where('campaign_id', '=', campaignId)
          .where('id', '=', before)
        return heard === null ? place : place.where('audience', '=', heard)
      })
    const rows = await query.execute()
    const found = rows.slice(0, limit).map(toEntry).toReversed()
    return { entries: audience === 'dm' ? found : found.map(entryForPlayers), more: rows.length > limit }
  },

  async find(campaignId, ids) {
    if (ids.length === 0) return []
    const rows = await database
      .selectFrom('narrative_entries')
      .select(['entry', 'withdrawn'])
      .where('campaign_id', '=', campaignId)
      .where('id', 'in', [...ids])
      .orderBy('position')
      .execute()
    return rows.map(toEntry)
  },

  async moveMember(roomId, from, to) {
    const rows = await database
      .selectFrom('narrative_entries')
      .innerJoin('campaigns', 'campaigns.id', 'narrative_entries.campaign_id')
      .select(['narrative_entries.position', 'narrative_entries.entry'])
      .where('campaigns.room_id', '=', roomId)
      .where('narrative_entries.audience', '=', `member:${from}`)
      .execute()
    for (const { position, entry } of rows) {
      const moved = JSON.parse(entry) as NarrativeEntry
      await database
        .updateTable('narrative_entries')
        .set({
          audience: `member:${to}`,
          entry: JSON.stringify({ ...moved, member: { name: '', ...moved.member, id: to } }),
        })
        .where('position', '=', position)
        .execute()
    }
  },

  async setWithdrawn(campaignId, ids, withdrawn, by) {
    if (ids.length === 0) return []
    const rows = await database
      .selectFrom('narrative_entries')
      .select(['position', 'id', 'audience', 'entry'])
      .where('campaign_id', '=', campaignId)
      .where('id', 'in', ids)
      .orderBy('position')
      .execute()
    for (const { position, entry } of rows) {
      const marked = withMark(JSON.parse(entry) as NarrativeEntry, { withdrawn, ...(by === undefined ? {} : { by }) })
      await database
        .updateTable('narrative_entries')
        .set({ withdrawn: Number(withdrawn), entry: JSON.stringify(marked) })
        .where('position', '=', position)
        .execute()
    }
    return rows.map(({ id, audience }) => ({ id, ...audienceOfKey(audience) }))
  },
})

/** What the column holds: `all`, `dm`, or `member:<id>`, so that the pages of a member cost the same as those of all. */
const audienceKey = ({ audience, member }: NarrativeEntry): string =>
  audience === 'member' ? `member:${member?.id ?? ''}` : audience

const audienceOfKey = (key: string): { audience: NarrativeEntry['audience']; memberId: string | null } => {
  if (key.startsWith('member:')) return { audience: 'member', memberId: key.slice('member:'.length) }
  return { audience: key === 'all' ? 'all' : 'dm', memberId: null }
}

/** The one key that this reader may read; null for every one. */
const heardBy = (audience: EntryAudience): string | null => {
  if (audience === 'dm') return null
  return audience === 'player' ? 'all' : `member:${audience.memberId}`
}

const toEntry = (row: { entry: string; withdrawn: number }): NarrativeEntry => ({
  ...(JSON.parse(row.entry) as NarrativeEntry),
  withdrawn: row.withdrawn === 1,
})
