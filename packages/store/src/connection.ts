// Each back end opens one, and the store runs its transactions on it.
import type { Kysely } from 'kysely'
import type { Database } from './schema.ts'
import type { StoreKind } from './store-kind.ts'

export type Connection = {
  kind: StoreKind
  kysely: Kysely<Database>
  /** True if the opened files were deleted or replaced, so that writes would be lost. */
  isLost(): boolean
  /** True if the disk has no space for a commit. */
  isFull(): Promise<boolean>
  /** The size of SQLite's write-ahead log; null on PostgreSQL. */
  walBytes(): number | null
  /** Called after each transaction. */
  tidy(): void
  /** Rejects at the deadline (by `performance.now()`) or shortly after it, and then aborts `work`. */
  until<T>(deadline: number, work: () => Promise<T>): Promise<T>
  /** Called when the database was closed. */
  closed(): void
}
