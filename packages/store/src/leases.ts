import type { Kysely } from 'kysely'
import { databaseNow } from './database-clock.ts'
import type { Database } from './schema.ts'
import type { StoreKind } from './store-kind.ts'

/** Work that only one process may do, and the process that does it. By the clock of the database. */
export interface Leases {
  /** Takes or renews the lease. False while another process holds it. */
  take(name: string, holder: string, ttlMs: number): Promise<boolean>
  release(name: string, holder: string): Promise<void>
  /** Whether anybody holds a lease whose name begins so. */
  isHeld(prefix: string): Promise<boolean>
}

export function leases(database: Kysely<Database>, kind: StoreKind): Leases {
  const now = databaseNow(kind)
  return {
    async take(name, holder, ttlMs) {
      const until = now.plus(ttlMs)
      const row = await database
        .insertInto('leases')
        .values({ name, holder, until_ms: until })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet({ holder, until_ms: until })
            .where((where) => where.or([where('leases.holder', '=', holder), where('leases.until_ms', '<', now.ms)])),
        )
        .returning('holder')
        .executeTakeFirst()
      return row?.holder === holder
    },

    async release(name, holder) {
      await database.deleteFrom('leases').where('name', '=', name).where('holder', '=', holder).execute()
    },

    async isHeld(prefix) {
      const row = await database
        .selectFrom('leases')
        .select('name')
        .where('name', 'like', `${prefix}%`)
        .where('until_ms', '>=', now.ms)
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },
  }
}
