import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite.ts'
import type { Store } from './store.ts'

/** `databaseUrl`: `postgres://…`. Without it a SQLite file in `dataDir`, or in memory for `:memory:`. */
export type StoreOptions = { databaseUrl?: string | undefined; dataDir: string }

/**
 * Opens the database and brings its schema up to date.
 * Rejects when it can't be reached, or when another process owns the data directory.
 */
export function openStore({ databaseUrl, dataDir }: StoreOptions): Promise<Store> {
  if (databaseUrl) return openPostgres(databaseUrl)
  if (dataDir === ':memory:') return openSqlite(dataDir)
  mkdirSync(dataDir, { recursive: true })
  return openSqlite(join(dataDir, 'tablecast.sqlite'))
}
