// The connection to the database that the options name. The client of PostgreSQL loads only where a URL asks for it.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Connection } from './connection.ts'
import { connectSqlite } from './sqlite.ts'

/**
 * `databaseUrl`: `postgres://…`. Without it a SQLite file in `dataDir`, or in memory for `:memory:`. `maxKnownStates`: bytes of the
 * campaigns' states that a server keeps in memory.
 */
export type StoreOptions = { databaseUrl?: string | undefined; dataDir: string; maxKnownStates?: number | undefined }

/** Opens the database for a server, which owns a SQLite file. Makes `dataDir` where it has to. */
export async function connect({ databaseUrl, dataDir }: StoreOptions): Promise<Connection> {
  if (databaseUrl) return (await import('./postgres.ts')).connectPostgres(databaseUrl)
  if (dataDir === ':memory:') return connectSqlite(dataDir)
  // The files here hold every secret in clear: only their owner may read them.
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  return connectSqlite(sqliteFile(dataDir))
}

/** Opens the database beside the servers that may be using it, for an operator's work. A SQLite file has to exist. */
export async function connectBeside({ databaseUrl, dataDir }: StoreOptions): Promise<Connection> {
  if (databaseUrl) return (await import('./postgres.ts')).connectPostgres(databaseUrl, { beside: true })
  return connectSqlite(sqliteFile(dataDir), { beside: true })
}

export const sqliteFile = (dataDir: string): string => join(dataDir, 'tablecast.sqlite')
