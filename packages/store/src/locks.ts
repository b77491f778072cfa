import { type Kysely, sql } from 'kysely'
import type { Database } from './schema.ts'
import type { Locks, StoreKind } from './store.ts'

export const locks = (database: Kysely<Database>, kind: StoreKind): Locks => ({
  async hold(name) {
    // SQLite has one writer: the transaction is the lock.
    if (kind === 'sqlite') return
    await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(database)
  },
})
