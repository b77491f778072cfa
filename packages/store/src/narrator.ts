import type { NarrativeEntry, NarratorMode, NarratorTurn } from '@tablecast/contracts'
import { type Kysely, sql } from 'kysely'
import type { Database } from './schema.ts'

/** `upTo`: the position of the newest entry that the summary takes in. */
type SummaryRow = { text: string; upTo: number }

/** The data that the narrator with a model keeps for rooms and campaigns. */
export interface NarratorRecords {
  /** `mode`: null when the DM never chose one. `recentMs`: how long the latest turns took. */
  room(roomId: string): Promise<{ mode: NarratorMode | null; recentMs: number[] }>
  putRoom(roomId: string, room: { mode: NarratorMode | null; recentMs: readonly number[] }): Promise<void>
  /** `touchedMs`: when it was written last, in milliseconds since 1970. */
  turn(roomId: string): Promise<{ turn: NarratorTurn; touchedMs: number } | null>
  putTurn(roomId: string, turn: NarratorTurn, touchedMs: number): Promise<void>
  removeTurn(roomId: string, turnId: string): Promise<void>
  usage(roomId: string, day: string): Promise<number>
  addUsage(roomId: string, day: string, tokens: number): Promise<void>
  summary(campaignId: string): Promise<SummaryRow | null>
  putSummary(campaignId: string, row: SummaryRow): Promise<void>
  /** The summary of a campaign is forgotten when it takes in one of these entries. */
  forgetSummary(campaignId: string, entryIds: readonly string[]): Promise<void>
  /** The position before the newest `count` entries; 0 when there are no more. */
  positionBefore(campaignId: string, count: number): Promise<number>
  /** The entries after a position that players were shown and that were not taken back, oldest first. */
  shownAfter(campaignId: string, after: number, limit: number): Promise<{ position: number; entry: NarrativeEntry }[]>
}

export const narrator = (database: Kysely<Database>): NarratorRecords => ({
  async room(roomId) {
    const row = await database.selectFrom('narrator_rooms').selectAll().where('room_id', '=', roomId).executeTakeFirst()
    return row
      ? { mode: row.mode as NarratorMode | null, recentMs: JSON.parse(row.recent_ms) as number[] }
      : { mode: null, recentMs: [] }
  },

  async putRoom(roomId, { mode, recentMs }) {
    const values = { mode, recent_ms: JSON.stringify(recentMs) }
    await database
      .insertInto('narrator_rooms')
      .values({ room_id: roomId, ...values })
      .onConflict((conflict) => conflict.column('room_id').doUpdateSet(values))
      .execute()
  },

  async turn(roomId) {
    const row = await database.selectFrom('narrator_turns').selectAll().where('room_id', '=', roomId).executeTakeFirst()
    return row ? { turn: JSON.parse(row.turn) as NarratorTurn, touchedMs: row.touched_ms } : null
  },

  async putTurn(roomId, turn, touchedMs) {
    const values = { turn: JSON.stringify(turn), touched_ms: touchedMs }
    await database
      .insertInto('narrator_turns')
      .values({ room_id: roomId, ...values })
      .onConflict((conflict) => conflict.column('room_id').doUpdateSet(values))
      .execute()
  },

  async removeTurn(roomId, turnId) {
    const known = await database
      .selectFrom('narrator_turns')
      .select('turn')
      .where('room_id', '=', roomId)
      .executeTakeFirst()
    if (known && (JSON.parse(known.turn) as NarratorTurn).id === turnId)
      await database.deleteFrom('narrator_turns').where('room_id', '=', roomId).execute()
  },

  async usage(roomId, day) {
    const row = await database
      .selectFrom('narrator_usage')
      .select('tokens')
      .where('room_id', '=', roomId)
      .where('day', '=', day)
      .executeTakeFirst()
    return row?.tokens ?? 0
  },

  async addUsage(roomId, day, tokens) {
    await database
      .insertInto('narrator_usage')
      .values({ room_id: roomId, day, tokens })
      .onConflict((conflict) =>
        conflict.columns(['room_id', 'day']).doUpdateSet({ tokens: sql`narrator_usage.tokens + ${tokens}` }),
      )
      .execute()
  },

  async summary(campaignId) {
    const row = await database
      .selectFrom('campaign_summaries')
      .selectAll()
      .where('campaign_id', '=', campaignId)
      .executeTakeFirst()
    return row ? { text: row.text, upTo: row.up_to } : null
  },

  async putSummary(campaignId, { text, upTo }) {
    const values = { text, up_to: upTo }
    await database
      .insertInto('campaign_summaries')
      .values({ campaign_id: campaignId, ...values })
      .onConflict((conflict) => conflict.column('campaign_id').doUpdateSet(values))
      .execute()
  },

  async forgetSummary(campaignId, entryIds) {
    if (entryIds.length === 0) return
    await database
      .deleteFrom('campaign_summaries')
      .where('campaign_id', '=', campaignId)
      .where('up_to', '>=', (inner) =>
        inner
          .selectFrom('narrative_entries')
          .select(({ fn }) => fn.min('position').as('position'))
          .where('campaign_id', '=', campaignId)
          .where('id', 'in', [...entryIds]),
      )
      .execute()
  },

  async positionBefore(campaignId, count) {
    const row = await database
      .selectFrom('narrative_entries')
      .select('position')
      .where('campaign_id', '=', campaignId)
      .orderBy('position', 'desc')
      .offset(count)
      .limit(1)
      .executeTakeFirst()
    return row?.position ?? 0
  },

  async shownAfter(campaignId, after, limit) {
    const rows = await database
      .selectFrom('narrative_entries')
      .select(['position', 'entry'])
      .where('campaign_id', '=', campaignId)
      .where('audience', '=', 'all')
      .where('withdrawn', '=', 0)
      .where('position', '>', after)
      .orderBy('position')
      .limit(limit)
      .execute()
    return rows.map(({ position, entry }) => ({
      position,
      entry: { ...(JSON.parse(entry) as NarrativeEntry), withdrawn: false },
    }))
  },
})
