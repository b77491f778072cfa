import { bytesOf } from '@tablecast/contracts'
import { type Kysely, sql } from 'kysely'
import { groupsOf } from './groups.ts'
import type { Database } from './schema.ts'
import type { StoreKind } from './store-kind.ts'

/** `heading`: JSON of what a list shows and a search looks at. `hash`: of the content. `text`: the stat block, JSON. */
type StatBlockRow = { id: string; heading: string; hash: string; text: string }
/** `bytes`: of the stat block in UTF-8. */
type StatBlockHeading = Pick<StatBlockRow, 'id' | 'heading' | 'hash'> & { bytes: number }

/** The creatures that a room added or imported. DMs read a stat block when they open it. */
export interface StatBlocks {
  /** Stores the stat blocks; one with a known id is replaced. */
  put(roomId: string, rows: readonly StatBlockRow[], at: string): Promise<void>
  /**
   * A text that is another one after each change of the room's stat blocks. It takes a fifth of the time of `list`, and each keystroke of a
   * search asks for it.
   */
  fingerprint(roomId: string): Promise<string>
  /** In the order of their ids, without reading the texts. */
  list(roomId: string): Promise<StatBlockHeading[]>
  /** Those of the ids that the room has. */
  find(roomId: string, ids: readonly string[]): Promise<StatBlockRow[]>
  count(roomId: string): Promise<number>
  /** Returns the number of those that were there. */
  remove(roomId: string, ids: readonly string[]): Promise<number>
}

/** Digits of each hash in a fingerprint. The hash is of the content with the id. */
const FINGERPRINT_DIGITS = 16

/** Rows of one statement: 350 parameters. */
const ROWS = 50

export const statBlocks = (database: Kysely<Database>, kind: StoreKind): StatBlocks => ({
  async put(roomId, added, at) {
    const rows = added.map((row) => ({ room_id: roomId, ...row, bytes: bytesOf(row.text), created_at: at }))
    for (const group of groupsOf(rows, ROWS))
      await database
        .insertInto('stat_blocks')
        .values(group)
        .onConflict((conflict) =>
          conflict.columns(['room_id', 'id']).doUpdateSet(({ ref }) => ({
            heading: ref('excluded.heading'),
            hash: ref('excluded.hash'),
            bytes: ref('excluded.bytes'),
            text: ref('excluded.text'),
          })),
        )
        .execute()
  },

  async fingerprint(roomId) {
    const digits = sql`substr(hash, 1, ${sql.lit(FINGERPRINT_DIGITS)})`
    const joined = kind === 'postgres' ? sql`string_agg(${digits}, '' order by id)` : sql`group_concat(${digits}, '')`
    // SQLite joins the rows in the order in which it reads them.
    const { rows } = await sql<{ hashes: string | null }>`select ${joined} as hashes
      from (select id, hash from stat_blocks where room_id = ${roomId} order by id) as ordered`.execute(database)
    return rows[0]?.hashes ?? ''
  },

  list: (roomId) =>
    database
      .selectFrom('stat_blocks')
      .select(['id', 'heading', 'hash', 'bytes'])
      .where('room_id', '=', roomId)
      .orderBy('id')
      .execute(),

  async find(roomId, ids) {
    const rows: StatBlockRow[] = []
    for (const group of groupsOf(ids, ROWS))
      rows.push(
        ...(await database
          .selectFrom('stat_blocks')
          .select(['id', 'heading', 'hash', 'text'])
          .where('room_id', '=', roomId)
          .where('id', 'in', group)
          .execute()),
      )
    return rows
  },

  async count(roomId) {
    const { rows } = await database
      .selectFrom('stat_blocks')
      .select((all) => all.fn.countAll<number>().as('rows'))
      .where('room_id', '=', roomId)
      .executeTakeFirstOrThrow()
    return rows
  },

  async remove(roomId, ids) {
    let removed = 0
    for (const group of groupsOf(ids, ROWS)) {
      const { numDeletedRows } = await database
        .deleteFrom('stat_blocks')
        .where('room_id', '=', roomId)
        .where('id', 'in', group)
        .executeTakeFirstOrThrow()
      removed += Number(numDeletedRows)
    }
    return removed
  },
})
