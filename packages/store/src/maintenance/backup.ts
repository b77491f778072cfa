import { type Kysely, sql } from 'kysely'
import type { Database } from '../schema.ts'
import type { StoreKind } from '../store-kind.ts'
import { type BackupHeader, type Counts, FORMAT, MaintenanceError, writeBackup } from './backup-format.ts'
import type { BackedUpTable } from './backed-up.ts'
import { appliedTo, knownSchemas, schemaOf } from './schema-of.ts'
import { tableHeads, tableRows } from './table-rows.ts'

/**
 * One consistent view of the database while others write: `take` is given the header and the text in pieces, and may be as slow as
 * what it writes to. Throws `MaintenanceError`.
 */
export async function backUp(
  database: Kysely<Database>,
  kind: StoreKind,
  take: (header: BackupHeader, text: AsyncIterable<string>) => Promise<void>,
): Promise<void> {
  const begin = database.startTransaction()
  const transaction = await (
    kind === 'postgres' ? begin.setIsolationLevel('repeatable read').setAccessMode('read only') : begin
  ).execute()
  try {
    const header = await headerOf(transaction, kind)
    const heads = await tableHeads(transaction)
    await take(header, writeBackup(header, tableRows(transaction, kind, heads)))
  } finally {
    // Nothing was written.
    await transaction.rollback().execute()
  }
}

async function headerOf(database: Kysely<Database>, kind: StoreKind): Promise<BackupHeader> {
  const schema = await schemaOf(database)
  const known = new Set(await knownSchemas(database, kind))
  // Its new tables would be left out, and nobody would notice before the restore.
  const unknown = (await appliedTo(database)).filter((name) => !known.has(name))
  if (unknown.length > 0)
    throw new MaintenanceError(`the database has ${unknown.join(', ')} of a newer Tablecast: use that one`)
  const counts: Counts = {}
  for (const { table } of await tableHeads(database)) counts[table] = await countRows(database, table)
  if (Object.keys(counts).length === 0) throw new MaintenanceError('there are no tables of Tablecast in this database')
  return { tablecast: 'backup', format: FORMAT, schema, madeAt: new Date().toISOString(), database: kind, counts }
}

export async function countRows(database: Kysely<Database>, table: BackedUpTable): Promise<number> {
  const { rows } = await sql<{ rows: number }>`select count(*) as rows from ${sql.table(table)}`.execute(database)
  return rows[0]?.rows ?? 0
}
