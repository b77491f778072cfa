import type { Kysely } from 'kysely'
import { databaseNow } from './database-clock.ts'
import type { Database } from './schema.ts'
import type { StoreKind } from './store-kind.ts'

/** Short-lived, single-use stand-ins for a token. Only a hash of each is kept. By the clock of the database. */
export interface Tickets {
  put(hash: string, identity: unknown, ttlMs: number): Promise<void>
  /** The identity, once; null for one that is unknown, used or too old. */
  take(hash: string): Promise<unknown>
  /** Drops those that nobody took in time. */
  prune(): Promise<void>
}

export function tickets(database: Kysely<Database>, kind: StoreKind): Tickets {
  const now = databaseNow(kind)
  return {
    async put(hash, identity, ttlMs) {
      await database
        .insertInto('tickets')
        .values({ hash, identity: JSON.stringify(identity), until_ms: now.plus(ttlMs) })
        .execute()
    },

    async take(hash) {
      const row = await database
        .deleteFrom('tickets')
        .where('hash', '=', hash)
        .where('until_ms', '>', now.ms)
        .returning('identity')
        .executeTakeFirst()
      return row ? (JSON.parse(row.identity) as unknown) : null
    },

    async prune() {
      await database.deleteFrom('tickets').where('until_ms', '<=', now.ms).execute()
    },
  }
}
