import { type Kysely, sql } from 'kysely'
import type { Database } from '../schema.ts'
import type { StoreKind } from '../store-kind.ts'
import {
  type BackupHeader,
  type Counts,
  FORMAT,
  MaintenanceError,
  type TableRows,
  writeBackup,
} from './backup-format.ts'
import type { BackedUpTable } from './backed-up.ts'
import { contentRows, type PictureContent } from './content.ts'
import { appliedTo, knownSchemas, schemaOf } from './schema-of.ts'
import { tableHeads, tableRows } from './table-rows.ts'

/**
 * One consistent view of the database while others write: `take` is given the header and the text in pieces, and may be as slow as
 * what it writes to. `content`: of pictures, which has to stay until the end; null leaves it out. Throws `MaintenanceError`.
 */
export async function backUp(
  database: Kysely<Database>,
  kind: StoreKind,
  take: (header: BackupHeader, text: AsyncIterable<string>) => Promise<void>,
  content: PictureContent | null,
): Promise<void> {
  const begin = database.startTransaction()
  const transaction = await (
    kind === 'postgres' ? begin.setIsolationLevel('repeatable read').setAccessMode('read only') : begin
  ).execute()
  try {
    const header = await headerOf(transaction, kind)
    const heads = await tableHeads(transaction)
    const pictures = content && hasPictures(heads) ? await contentRows(transaction, content) : null
    if (pictures) header.counts[pictures.table] = pictures.count
    const tables = withLast(tableRows(transaction, kind, heads), pictures?.rows)
    await take(header, writeBackup(header, tables))
  } finally {
    // Nothing was written.
    await transaction.rollback().execute()
  }
}

/** An older schema has none. */
const hasPictures = (heads: readonly { table: string }[]): boolean => heads.some(({ table }) => table === 'pictures')

async function* withLast(tables: AsyncIterable<TableRows>, last?: () => TableRows): AsyncGenerator<TableRows> {
  yield* tables
  if (last) yield last()
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
