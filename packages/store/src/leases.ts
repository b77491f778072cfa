import { type Kysely, sql } from 'kysely'
import type { Database } from './schema.ts'
import type { Leases, StoreKind } from './store.ts'

export function leases(database: Kysely<Database>, kind: StoreKind): Leases {
  // The nodes' own clocks may differ by more than a lease lasts.
  const now =
    kind === 'postgres'
      ? sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`
      : sql<number>`cast(unixepoch('subsec') * 1000 as integer)`
  return {
    async take(name, holder, ttlMs) {
      const until = sql<number>`${now} + cast(${ttlMs} as integer)`
      const row = await database
        .insertInto('leases')
        .values({ name, holder, until_ms: until })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet({ holder, until_ms: until })
            .where((where) => where.or([where('leases.holder', '=', holder), where('leases.until_ms', '<', now)])),
        )
        .returning('holder')
        .executeTakeFirst()
      return row?.holder === holder
    },

    async release(name, holder) {
      await database.deleteFrom('leases').where('name', '=', name).where('holder', '=', holder).execute()
    },
  }
}
