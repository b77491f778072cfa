import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Database } from './schema.ts'
import type { StoredEvent, StreamRow, Streams } from './store.ts'

export function streams(database: Kysely<Database>, locks: boolean): Streams {
  async function get(id: string, forUpdate = false): Promise<StreamRow | undefined> {
    const query = database.selectFrom('streams').selectAll().where('id', '=', id)
    return (forUpdate && locks ? query.forUpdate() : query).executeTakeFirst()
  }

  async function make(id: string): Promise<void> {
    await database
      .insertInto('streams')
      .values({ id, epoch: newEpoch(), head: 0, floor: 0 })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute()
  }

  async function opened(id: string, forUpdate = false): Promise<StreamRow> {
    const row = await get(id, forUpdate)
    if (row) return row
    await make(id)
    const made = await get(id, forUpdate)
    if (!made) throw new Error(`stream ${id} could not be made`)
    return made
  }

  return {
    open: (id) => opened(id),

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
