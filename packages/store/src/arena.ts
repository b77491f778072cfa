import type { ArenaOptions } from '@tablecast/contracts'
import type { Kysely, Selectable } from 'kysely'
import type { Database } from './schema.ts'

/**
 * A game of the arena. `news`: submitted and not played yet, oldest first. `engineSeq`: the number of stored events of engines.
 * `firstSeq`: the game's events are those of the stream `arena:<id>` after it.
 */
export type ArenaSessionRow = {
  id: string
  status: 'running' | 'ended'
  ownerId: string | null
  options: ArenaOptions
  createdAt: string
  updatedAt: string
  endedAt: string | null
  round: number
  phase: string | null
  waiting: boolean
  lastNews: string | null
  news: { id: string; content: string }[]
  engineId: string | null
  engineSeq: number
  firstSeq: number
}

export interface ArenaSessions {
  /** Inserts the row, or replaces the one with the same id. */
  put(row: ArenaSessionRow): Promise<void>
  get(id: string): Promise<ArenaSessionRow | null>
  /** Locks the row until the transaction ends. */
  lock(id: string): Promise<ArenaSessionRow | null>
  /** Locks the row with that id, after inserting this one when there is none. */
  open(row: ArenaSessionRow): Promise<{ row: ArenaSessionRow; isNew: boolean }>
  /** Running ones first, then the newest. */
  list(limit: number): Promise<ArenaSessionRow[]>
  running(): Promise<ArenaSessionRow[]>
  /** The ids of the ended ones beyond the newest `keep`. */
  surplus(keep: number): Promise<string[]>
  remove(id: string): Promise<void>
}

export const arenaSessions = (database: Kysely<Database>, locks: boolean): ArenaSessions => {
  const all = () => database.selectFrom('arena_sessions').selectAll()
  const lock = async (id: string): Promise<ArenaSessionRow | null> => {
    const query = all().where('id', '=', id)
    const row = await (locks ? query.forUpdate() : query).executeTakeFirst()
    return row ? toRow(row) : null
  }

  return {
    async put(row) {
      const values = fromRow(row)
      await database
        .insertInto('arena_sessions')
        .values(values)
        .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
        .execute()
    },

    async get(id) {
      const row = await all().where('id', '=', id).executeTakeFirst()
      return row ? toRow(row) : null
    },

    lock,

    async open(row) {
      // Waits for another transaction that has just inserted the row.
      const { numInsertedOrUpdatedRows } = await database
        .insertInto('arena_sessions')
        .values(fromRow(row))
        .onConflict((conflict) => conflict.column('id').doNothing())
        .executeTakeFirstOrThrow()
      if (Number(numInsertedOrUpdatedRows) === 1) return { row, isNew: true }
      const known = await lock(row.id)
      if (!known) throw new Error(`the arena's session ${row.id} was removed at this moment`)
      return { row: known, isNew: false }
    },

    async list(limit) {
      const running = await all().where('status', '=', 'running').orderBy('updated_at', 'desc').limit(limit).execute()
      const ended = await all()
        .where('status', '=', 'ended')
        .orderBy('updated_at', 'desc')
        .limit(Math.max(0, limit - running.length))
        .execute()
      return [...running, ...ended].map(toRow)
    },

    running: async () => (await all().where('status', '=', 'running').orderBy('id').execute()).map(toRow),

    async surplus(keep) {
      const rows = await database
        .selectFrom('arena_sessions')
        .select('id')
        .where('status', '=', 'ended')
        .orderBy('updated_at', 'desc')
        .orderBy('id')
        .limit(10_000)
        .offset(keep)
        .execute()
      return rows.map(({ id }) => id)
    },

    async remove(id) {
      await database.deleteFrom('arena_sessions').where('id', '=', id).execute()
    },
  }
}

const fromRow = (row: ArenaSessionRow): Selectable<Database['arena_sessions']> => ({
  id: row.id,
  status: row.status,
  owner_id: row.ownerId,
  options: JSON.stringify(row.options),
  created_at: row.createdAt,
  updated_at: row.updatedAt,
  ended_at: row.endedAt,
  round: row.round,
  phase: row.phase,
  waiting: Number(row.waiting),
  last_news: row.lastNews,
  news: JSON.stringify(row.news),
  engine_id: row.engineId,
  engine_seq: row.engineSeq,
  first_seq: row.firstSeq,
})

const toRow = (row: Selectable<Database['arena_sessions']>): ArenaSessionRow => ({
  id: row.id,
  status: row.status === 'ended' ? 'ended' : 'running',
  ownerId: row.owner_id,
  options: JSON.parse(row.options) as ArenaOptions,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  endedAt: row.ended_at,
  round: row.round,
  phase: row.phase,
  waiting: row.waiting === 1,
  lastNews: row.last_news,
  news: JSON.parse(row.news) as ArenaSessionRow['news'],
  engineId: row.engine_id,
  engineSeq: row.engine_seq,
  firstSeq: row.first_seq,
})
