import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { padded } from './padded.ts'
import type { Database } from './schema.ts'

/** `head`: the newest seq, 0 before the first. `floor`: events at or below it are gone. */
type StreamRow = { id: string; epoch: string; head: number; floor: number }
/**
 * `access`: the room's count of changes of who may hear what, when it was stored; only where the stream has an audience. `floor`:
 * the transaction of this event deleted the events up to this seq, and caches must not replay them.
 */
export type StoredEvent = {
  streamId: string
  epoch: string
  seq: number
  text: string
  access?: number
  floor?: number
}

export interface Streams {
  /** The stream's row. A missing row is made with a random epoch. */
  open(id: string): Promise<StreamRow>
  /** The same for several streams, by id, with one statement for those that exist. */
  openAll(ids: readonly string[]): Promise<Map<string, StreamRow>>
  /** Takes the next seq under the row's lock and stores the result of `encode`, which is the JSON text that clients get. */
  append(id: string, at: string, encode: (position: { epoch: string; seq: number }) => string): Promise<StoredEvent>
  /** Events above `seq`, oldest first. Below the floor the answer has a gap: compare with the row first. */
  since(id: string, seq: number, limit: number): Promise<StoredEvent[]>
  /** The stream's row, or null before its first event. */
  find(id: string): Promise<StreamRow | null>
  /** Head and floor of each stream that exists. */
  heads(ids: readonly string[]): Promise<{ id: string; head: number; floor: number }[]>
  /**
   * Deletes events of all streams whose id begins with `prefix`: the ones older than `before`, and all but the newest `keep`. Raises the
   * floors. Returns the number of deleted events.
   */
  prune(limits: { prefix: string; before: string; keep: number }): Promise<number>
  /** Keeps the newest `keep` events and raises the floor. */
  trim(id: string, keep: number): Promise<void>
  /** Drops all events and goes on counting. A client with an older position gets a snapshot. */
  clear(id: string): Promise<StreamRow>
  remove(id: string): Promise<void>
  /** Gives the stream a new epoch, so that every client with an older position gets a snapshot. */
  renew(id: string): Promise<StreamRow>
}

export function streams(database: Kysely<Database>, locks: boolean): Streams {
  async function get(id: string, forUpdate = false): Promise<StreamRow | undefined> {
    const query = database.selectFrom('streams').selectAll().where('id', '=', id)
    return (forUpdate && locks ? query.forUpdate() : query).executeTakeFirst()
  }

  async function opened(id: string, forUpdate = false): Promise<StreamRow> {
    return (await get(id, forUpdate)) ?? make(id, forUpdate)
  }

  /** The new row belongs to this transaction alone. Another one may have made it first: then that one is read. */
  async function make(id: string, forUpdate = false): Promise<StreamRow> {
    const row = { id, epoch: newEpoch(), head: 0, floor: 0 }
    const { numInsertedOrUpdatedRows } = await database
      .insertInto('streams')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirstOrThrow()
    const made = Number(numInsertedOrUpdatedRows) === 1 ? row : await get(id, forUpdate)
    if (!made) throw new Error(`stream ${id} could not be made`)
    return made
  }

  return {
    open: (id) => opened(id),

    async openAll(ids) {
      const found =
        ids.length === 0
          ? []
          : await database.selectFrom('streams').selectAll().where('id', 'in', padded(ids)).execute()
      const rows = new Map(found.map((row) => [row.id, row]))
      // In the same order everywhere, so that two nodes never wait for each other.
      for (const id of [...new Set(ids)].toSorted()) if (!rows.has(id)) rows.set(id, await make(id))
      return rows
    },

    async append(id, at, encode) {
      const { epoch, head } = await opened(id, true)
      const seq = head + 1
      const text = encode({ epoch, seq })
      await database.updateTable('streams').set({ head: seq }).where('id', '=', id).execute()
      await database.insertInto('stream_events').values({ stream_id: id, seq, at, text }).execute()
      return { streamId: id, epoch, seq, text }
    },

    async since(id, seq, limit) {
      const stream = await get(id)
      if (!stream) return []
      const rows = await database
        .selectFrom('stream_events')
        .select(['seq', 'text'])
        .where('stream_id', '=', id)
        .where('seq', '>', seq)
        .orderBy('seq')
        .limit(limit)
        .execute()
      return rows.map((row): StoredEvent => ({ streamId: id, epoch: stream.epoch, ...row }))
    },

    find: async (id) => (await get(id)) ?? null,

    heads: async (ids) =>
      ids.length === 0
        ? []
        : await database
            .selectFrom('streams')
            .select(['id', 'head', 'floor'])
            .where('id', 'in', [...ids])
            .execute(),

    async prune({ prefix, before, keep }) {
      const aged = await database
        .selectFrom('stream_events')
        .select(['stream_id', (all) => all.fn.max('seq').as('seq')])
        .where('at', '<', before)
        .where('stream_id', 'like', `${prefix}%`)
        .groupBy('stream_id')
        .execute()
      const floors = new Map(aged.map((row) => [row.stream_id, row.seq]))
      const long = await database
        .selectFrom('streams')
        .select(['id', 'head'])
        .where(sql<boolean>`head - floor > ${keep}`)
        .where('id', 'like', `${prefix}%`)
        .execute()
      for (const { id, head } of long) floors.set(id, Math.max(floors.get(id) ?? 0, head - keep))
      let gone = 0
      for (const [id, floor] of floors) {
        await database.updateTable('streams').set({ floor }).where('id', '=', id).where('floor', '<', floor).execute()
        const { numDeletedRows } = await database
          .deleteFrom('stream_events')
          .where('stream_id', '=', id)
          .where('seq', '<=', floor)
          .executeTakeFirst()
        gone += Number(numDeletedRows)
      }
      return gone
    },

    async renew(id) {
      const row = await opened(id, true)
      const epoch = newEpoch()
      await database.updateTable('streams').set({ epoch, floor: row.head }).where('id', '=', id).execute()
      await database.deleteFrom('stream_events').where('stream_id', '=', id).execute()
      return { ...row, epoch, floor: row.head }
    },

    async trim(id, keep) {
      const row = await get(id)
      const floor = (row?.head ?? 0) - keep
      if (!row || floor <= row.floor) return
      await database.updateTable('streams').set({ floor }).where('id', '=', id).execute()
      await database.deleteFrom('stream_events').where('stream_id', '=', id).where('seq', '<=', floor).execute()
    },

    async clear(id) {
      const row = await opened(id, true)
      await database.updateTable('streams').set({ floor: row.head }).where('id', '=', id).execute()
      await database.deleteFrom('stream_events').where('stream_id', '=', id).execute()
      return { ...row, floor: row.head }
    },

    async remove(id) {
      await database.deleteFrom('stream_events').where('stream_id', '=', id).execute()
      await database.deleteFrom('streams').where('id', '=', id).execute()
    },
  }
}

export const newEpoch = () => randomUUID().slice(0, 8)
