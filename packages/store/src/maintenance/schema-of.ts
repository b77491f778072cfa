import { type Kysely, sql } from 'kysely'
import { Migrations } from '../migrations.ts'
import type { Database } from '../schema.ts'
import type { StoreKind } from '../store-kind.ts'
import { MaintenanceError } from './backup-format.ts'

/** The newest migration of a database. Throws `MaintenanceError` when it has none. */
export async function schemaOf(database: Kysely<Database>): Promise<string> {
  const newest = (await appliedTo(database)).at(-1)
  if (newest === undefined) throw new MaintenanceError('there is nothing of Tablecast in this database')
  return newest
}

export async function appliedTo(database: Kysely<Database>): Promise<string[]> {
  const tables = await database.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === 'kysely_migration')) return []
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(database)
  return rows.map(({ name }) => name)
}

/** The migrations that this program knows, oldest first. */
export async function knownSchemas(database: Kysely<Database>, kind: StoreKind): Promise<string[]> {
  return (await new Migrations(database, kind).status()).map(({ name }) => name)
}
