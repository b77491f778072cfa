import { entryForPlayers, type NarrativeEntry, withMark } from '@tablecast/contracts'
import type { Kysely } from 'kysely'
import { groupsOf } from './groups.ts'
import { padded } from './padded.ts'
import type { Database } from './schema.ts'

/** The reader: DMs read all entries, players those for `all`, one member only their whispers. */
export type EntryAudience = 'dm' | 'player' | { memberId: string }

export interface Entries {
  append(campaignId: string, entries: readonly NarrativeEntry[]): Promise<void>
  /**
   * Oldest first. `before`: the id of an entry; without it, the newest. An unknown id gives an empty page. Only DMs get the words of
   * withdrawn entries.
   */
  page(
    campaignId: string,
    audience: EntryAudience,
    page: { before?: string | undefined; limit: number },
  ): Promise<{ entries: NarrativeEntry[]; more: boolean }>
  /** These entries, oldest first, for any audience and with the words of withdrawn ones. Never send them to players unchanged. */
  find(campaignId: string, ids: readonly string[]): Promise<NarrativeEntry[]>
  /** Those of these members who have whispers in the campaign. */
  membersWithWhispers(campaignId: string, memberIds: readonly string[]): Promise<Set<string>>
  /** Moves the whispers of one member of the room to another. */
  moveMember(roomId: string, from: string, to: string): Promise<void>
  /** Stores an entry again, with other words or marks. Id and audience stay. */
  save(campaignId: string, entry: NarrativeEntry): Promise<void>
  /**
   * For an undo or a redo. Passes over deleted entries, which no redo restores. `by`: the name of the DM who withdraws them, stored with
   * each entry. Returns the audience of each.
   */
  setWithdrawn(
    campaignId: string,
    ids: readonly string[],
    withdrawn: boolean,
    by?: string,
  ): Promise<{ id: string; audience: NarrativeEntry['audience']; memberId: string | null }[]>
}

/** Rows of one statement: 500 parameters. An import has many thousand entries. */
const ROWS = 100

export const entries = (database: Kysely<Database>): Entries => ({
  async append(campaignId, added) {
    for (const group of groupsOf(added, ROWS))
      await database
        .insertInto('narrative_entries')
        .values(
          group.map((entry) => ({
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
    const only = onlyAudience(audience)
    if (only !== null) query = query.where('audience', '=', only)
    if (before !== undefined)
      query = query.where('position', '<', (inner) => {
        const place = inner
          .selectFrom('narrative_entries')
          .select('position')
          .where('campaign_id', '=', campaignId)
          .where('id', '=', before)
        return only === null ? place : place.where('audience', '=', only)
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

  async membersWithWhispers(campaignId, memberIds) {
    if (memberIds.length === 0) return new Set()
    const idOf = new Map(memberIds.map((memberId) => [memberKey(memberId), memberId]))
    const rows = await database
      .selectFrom('narrative_entries')
      .select('audience')
      .distinct()
      .where('campaign_id', '=', campaignId)
      .where('audience', 'in', padded([...idOf.keys()]))
      .execute()
    return new Set(rows.flatMap(({ audience }) => idOf.get(audience) ?? []))
  },

  async moveMember(roomId, from, to) {
    const rows = await database
      .selectFrom('narrative_entries')
      .innerJoin('campaigns', 'campaigns.id', 'narrative_entries.campaign_id')
      .select(['narrative_entries.position', 'narrative_entries.entry'])
      .where('campaigns.room_id', '=', roomId)
      .where('narrative_entries.audience', '=', memberKey(from))
      .execute()
    for (const { position, entry } of rows) {
      const moved = JSON.parse(entry) as NarrativeEntry
      await database
        .updateTable('narrative_entries')
        .set({
          audience: memberKey(to),
          entry: JSON.stringify({ ...moved, member: { name: '', ...moved.member, id: to } }),
        })
        .where('position', '=', position)
        .execute()
    }
  },

  async save(campaignId, entry) {
    await database
      .updateTable('narrative_entries')
      .set({ withdrawn: Number(entry.withdrawn), entry: JSON.stringify(entry) })
      .where('campaign_id', '=', campaignId)
      .where('id', '=', entry.id)
      .execute()
  },

  async setWithdrawn(campaignId, ids, withdrawn, by) {
    if (ids.length === 0) return []
    const found = await database
      .selectFrom('narrative_entries')
      .select(['position', 'id', 'audience', 'entry'])
      .where('campaign_id', '=', campaignId)
      .where('id', 'in', ids)
      .orderBy('position')
      .execute()
    const rows = found
      .map((row) => ({ ...row, entry: JSON.parse(row.entry) as NarrativeEntry }))
      .filter(({ entry }) => entry.deleted !== true)
    for (const { position, entry } of rows) {
      const marked = withMark(entry, { withdrawn, ...(by === undefined ? {} : { by }) })
      await database
        .updateTable('narrative_entries')
        .set({ withdrawn: Number(withdrawn), entry: JSON.stringify(marked) })
        .where('position', '=', position)
        .execute()
    }
    return rows.map(({ id, audience }) => ({ id, ...audienceOfKey(audience) }))
  },
})

/** The column's value: `all`, `dm`, or `member:<id>`, so that the pages of a member cost the same as those of all. */
const audienceKey = ({ audience, member }: NarrativeEntry): string =>
  audience === 'member' ? memberKey(member?.id ?? '') : audience

const memberKey = (memberId: string): string => `member:${memberId}`

const audienceOfKey = (key: string): { audience: NarrativeEntry['audience']; memberId: string | null } => {
  if (key.startsWith('member:')) return { audience: 'member', memberId: key.slice('member:'.length) }
  return { audience: key === 'all' ? 'all' : 'dm', memberId: null }
}

/** The one key that this reader may read; null for every one. */
const onlyAudience = (audience: EntryAudience): string | null => {
  if (audience === 'dm') return null
  return audience === 'player' ? 'all' : memberKey(audience.memberId)
}

const toEntry = (row: { entry: string; withdrawn: number }): NarrativeEntry => ({
  ...(JSON.parse(row.entry) as NarrativeEntry),
  withdrawn: row.withdrawn === 1,
})
