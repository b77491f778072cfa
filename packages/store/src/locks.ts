import { type Kysely, sql } from 'kysely'
import type { Database } from './schema.ts'
import type { StoreKind } from './store-kind.ts'

/** Locks by name, for things without a row to lock. */
export interface Locks {
  /**
   * Held until the transaction ends; others that ask for the same name wait. Ask for it before rows are locked. Names:
   * `user:<id>`, `account:<subject>`, `arena`, `topics`, `sample-room`, `sample-market`,
   * `picture-content`, `push-keys`, `push-device:<id>`.
   */
  hold(name: string): Promise<void>
}

export const locks = (database: Kysely<Database>, kind: StoreKind): Locks => ({
  async hold(name) {
    // SQLite has one writer: the transaction is the lock.
    if (kind === 'sqlite') return
    await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(database)
  },
})
