import { connect, sqliteFile, type StoreOptions } from './connect.ts'
import { DatabaseMarker } from './database-marker.ts'
import { Migrations } from './migrations.ts'
import type { Store } from './store.ts'
import { TransactionalStore } from './transactions.ts'

/**
 * Opens the database and brings its schema up to date. Rejects when it can't be reached, when another process owns the data
 * directory, and when the database that was in it is gone.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const marker = markerOf(options)
  marker?.mustNotBeLost()
  const connection = await connect(options)
  try {
    const migrations = new Migrations(connection.kysely, connection.kind)
    const isNew = (await migrations.status()).every(({ at }) => at === null)
    if (isNew) marker?.mustBeNew()
    await migrations.up()
    marker?.put()
    return new TransactionalStore(connection, { isNew, maxKnownStates: options.maxKnownStates })
  } catch (error) {
    await connection.kysely.destroy()
    connection.closed()
    throw error
  }
}

/**
 * Opens the database for its migrations alone. Rejects while a server uses the same SQLite file. `mayBegin`: begins an empty
 * database even where an earlier one is gone.
 */
export async function openMigrations(
  options: StoreOptions,
  { mayBegin = false } = {},
): Promise<{ migrations: Migrations } & AsyncDisposable> {
  if (!mayBegin) markerOf(options)?.mustNotBeLost()
  const { kind, kysely, closed } = await connect(options)
  return {
    migrations: new Migrations(kysely, kind),
    [Symbol.asyncDispose]: () => kysely.destroy().then(closed),
  }
}

/** Null where there is no file of ours. */
const markerOf = ({ databaseUrl, dataDir }: StoreOptions): DatabaseMarker | null =>
  databaseUrl || dataDir === ':memory:' ? null : new DatabaseMarker(dataDir, sqliteFile(dataDir))
