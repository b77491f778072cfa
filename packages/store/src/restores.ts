import type { Kysely } from 'kysely'
import type { Database } from './schema.ts'

/** `epoch`: that of every stream since then. `madeAt`: when the backup was made; null when only the epochs were renewed. */
type RestoreRow = { epoch: string; at: string; madeAt: string | null }

/** The restores of this database; they are in no backup. */
export interface Restores {
  /** Null when it was never restored. A change tells that what was read before is of another log. */
  newest(): Promise<RestoreRow | null>
}

export const restores = (database: Kysely<Database>): Restores => ({
  async newest() {
    const row = await database
      .selectFrom('restores')
      .select(['epoch', 'at', 'made_at'])
      .orderBy('position', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row ? { epoch: row.epoch, at: row.at, madeAt: row.made_at } : null
  },
})
