// Each back end opens one, and the store runs its transactions on it.
import type { Kysely } from 'kysely'
import type { Database } from './schema.ts'
import type { StoreKind } from './store-kind.ts'

export type Connection = {
  kind: StoreKind
  kysely: Kysely<Database>
  /** Whether the files are not those any more that were opened: nothing that is written would last. */
  isLost(): boolean
  /** Whether there is no room for a commit. */
  isFull(): Promise<boolean>
  /** Null where there is no write-ahead log of ours. */
  walBytes(): number | null
  /** Called after each transaction. */
  tidy(): void
  /** Rejects at the deadline, by `performance.now()`, at the latest a moment after it; what `work` had begun is broken off then. */
  until<T>(deadline: number, work: () => Promise<T>): Promise<T>
  /** Called when the database was closed. */
  closed(): void
}
