import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { Migrations } from './migrations.ts'
import { connectPostgres } from './postgres.ts'
import type { Database } from './schema.ts'
import { connectSqlite } from './sqlite.ts'
import type { Store, StoreKind } from './store.ts'
import { TransactionalStore } from './transactions.ts'

/** `databaseUrl`: `postgres://…`. Without it a SQLite file in `dataDir`, or in memory for `:memory:`. */
export type StoreOptions = { databaseUrl?: string | undefined; dataDir: string }

/** For the back ends. `closed`: called when the database was closed. */
export type Connection = { kind: StoreKind; kysely: Kysely<Database>; closed(): void }

/**
 * Opens the database and brings its schema up to date.
 * Rejects when it can't be reached, or when another process owns the data directory.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { kind, kysely, closed } = connect(options)
  try {
    await new Migrations(kysely, kind).up()
  } catch (error) {
    await kysely.destroy()
    closed()
    throw error
  }
  return new TransactionalStore(kysely, kind, closed)
}

/** The schema's steps by themselves, of a database that no server of an embedded kind uses at the same time. */
export function openMigrations(options: StoreOptions): { migrations: Migrations } & AsyncDisposable {
  const { kind, kysely, closed } = connect(options)
  return {
    migrations: new Migrations(kysely, kind),
    [Symbol.asyncDispose]: () => kysely.destroy().then(closed),
  }
}

function connect({ databaseUrl, dataDir }: StoreOptions): Connection {
  if (databaseUrl) return connectPostgres(databaseUrl)
  if (dataDir === ':memory:') return connectSqlite(dataDir)
  // What is made here holds every secret in clear: for its owner alone.
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  return connectSqlite(sqliteFile(dataDir))
}

export const sqliteFile = (dataDir: string): string => join(dataDir, 'tablecast.sqlite')
