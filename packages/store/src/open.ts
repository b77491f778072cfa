import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Connection } from './connection.ts'
import { DatabaseMarker } from './database-marker.ts'
import { Migrations } from './migrations.ts'
import { connectPostgres } from './postgres.ts'
import { connectSqlite } from './sqlite.ts'
import type { Store } from './store.ts'
import { TransactionalStore } from './transactions.ts'

/** `databaseUrl`: `postgres://…`. Without it a SQLite file in `dataDir`, or in memory for `:memory:`. */
export type StoreOptions = { databaseUrl?: string | undefined; dataDir: string }

/**
 * Opens the database and brings its schema up to date. Rejects when it can't be reached, when another process owns the data
 * directory, and when the database that was in it is gone.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const marker = markerOf(options)
  marker?.mustNotBeLost()
  const connection = connect(options)
  try {
    const migrations = new Migrations(connection.kysely, connection.kind)
    const isNew = (await migrations.status()).every(({ at }) => at === null)
    if (isNew) marker?.mustBeNew()
    await migrations.up()
    marker?.put()
    return new TransactionalStore(connection, { isNew })
  } catch (error) {
    await connection.kysely.destroy()
    connection.closed()
    throw error
  }
}

/**
 * The schema's steps by themselves, of a database that no server of an embedded kind uses at the same time. `mayBegin`: also where
 * one was before and is gone.
 */
export function openMigrations(
  options: StoreOptions,
  { mayBegin = false } = {},
): { migrations: Migrations } & AsyncDisposable {
  if (!mayBegin) markerOf(options)?.mustNotBeLost()
  const { kind, kysely, closed } = connect(options)
  return {
    migrations: new Migrations(kysely, kind),
    [Symbol.asyncDispose]: () => kysely.destroy().then(closed),
  }
}

function connect({ databaseUrl, dataDir }: StoreOptions): Connection {
  if (databaseUrl) return connectPostgres(databaseUrl)
  if (dataDir === ':memory:') return connectSqlite(dataDir)
  // The files here hold every secret in clear: only their owner may read them.
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  return connectSqlite(sqliteFile(dataDir))
}

/** Null where there is no file of ours. */
const markerOf = ({ databaseUrl, dataDir }: StoreOptions): DatabaseMarker | null =>
  databaseUrl || dataDir === ':memory:' ? null : new DatabaseMarker(dataDir, sqliteFile(dataDir))

export const sqliteFile = (dataDir: string): string => join(dataDir, 'tablecast.sqlite')
