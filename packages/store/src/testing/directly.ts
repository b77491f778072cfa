import type { Kysely } from 'kysely'
import { sqliteFile, type StoreOptions } from '../open.ts'
import { connectPostgres } from '../postgres.ts'
import type { Database } from '../schema.ts'
import { connectSqlite } from '../sqlite.ts'

/** Asks the database itself, beside whatever has it open. */
export async function directly(
  options: StoreOptions,
  work: (database: Kysely<Database>) => Promise<unknown>,
): Promise<void> {
  const { kysely } = options.databaseUrl
    ? connectPostgres(options.databaseUrl, { beside: true })
    : connectSqlite(sqliteFile(options.dataDir), { beside: true })
  try {
    await work(kysely)
  } finally {
    await kysely.destroy()
  }
}
