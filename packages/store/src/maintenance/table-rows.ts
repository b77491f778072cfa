// Rows of any table in and out, by name: what a backup does with every table alike.
import { CompiledQuery, type Kysely, sql } from 'kysely'
import type { Database } from '../schema.ts'
import type { StoreKind } from '../store-kind.ts'
import { MaintenanceError, type Row, type TableHead, type TableRows, type Value } from './backup-format.ts'
import { backedUpTables, type BackedUpTable } from './backed-up.ts'

const GROUP_ROWS = 200

/** The tables of a backup that this database has, with their columns, in the order of `backedUpTables`. */
export async function tableHeads(database: Kysely<Database>): Promise<(TableHead & { table: BackedUpTable })[]> {
  const found = new Map<string, string[]>()
  for (const { name, columns } of await ownTables(database))
    found.set(name, columns.map((column) => column.name).toSorted())
  return backedUpTables.flatMap((table) => {
    const columns = found.get(table)
    return columns ? [{ table, columns }] : []
  })
}

/** Of the schema that all queries mean: others of the same PostgreSQL database belong to somebody else. */
export async function ownTables(database: Kysely<Database>) {
  const tables = await database.introspection.getTables()
  if (!tables.some(({ schema }) => schema !== undefined)) return tables
  const { rows } = await sql<{ name: string }>`select current_schema() as name`.execute(database)
  return tables.filter(({ schema }) => schema === rows[0]?.name)
}

/** All rows of these tables, as one transaction sees them. `transaction` has to stay open until the end. */
export async function* tableRows(
  transaction: Kysely<Database>,
  kind: StoreKind,
  heads: readonly (TableHead & { table: BackedUpTable })[],
): AsyncGenerator<TableRows> {
  for (const head of heads)
    yield { ...head, rows: kind === 'postgres' ? fetched(transaction, head) : streamed(transaction, head) }
}

async function* streamed(database: Kysely<Database>, { table, columns }: TableHead): AsyncGenerator<Row[]> {
  const { ref } = database.dynamic
  const query = database.selectFrom(table as BackedUpTable).select(columns.map((column) => ref(column)))
  let group: Row[] = []
  for await (const row of query.stream()) {
    group.push(rowOf(row, columns))
    if (group.length < GROUP_ROWS) continue
    yield group
    group = []
  }
  if (group.length > 0) yield group
}

/** By a cursor of PostgreSQL's own, so that only one group of rows is in memory. */
async function* fetched(database: Kysely<Database>, { table, columns }: TableHead): AsyncGenerator<Row[]> {
  const list = sql.join(columns.map((column) => sql.ref(column)))
  await sql`declare backed_up no scroll cursor for select ${list} from ${sql.table(table)}`.execute(database)
  for (;;) {
    const { rows } = await sql<Record<string, unknown>>`fetch ${sql.lit(GROUP_ROWS)} from backed_up`.execute(database)
    if (rows.length > 0) yield rows.map((row) => rowOf(row, columns))
    if (rows.length < GROUP_ROWS) break
  }
  await sql`close backed_up`.execute(database)
}

const rowOf = (row: object, columns: readonly string[]): Row =>
  columns.map((column) => plain((row as Record<string, unknown>)[column]))

/** Times that PostgreSQL holds as such are text in a backup, as they are in SQLite. */
function plain(value: unknown): Value {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  if (value instanceof Date) return value.toISOString()
  throw new MaintenanceError(`a backup can not hold a ${typeof value}`)
}

/** Throws `MaintenanceError` for values that the table does not take. */
export async function insertRows(
  database: Kysely<Database>,
  kind: StoreKind,
  { table, columns }: TableHead,
  rows: readonly Row[],
): Promise<void> {
  const names = columns.map((column) => `"${column}"`).join(', ')
  let parameter = 0
  const values = rows
    .map(() => `(${columns.map(() => (kind === 'postgres' ? `$${++parameter}` : '?')).join(', ')})`)
    .join(', ')
  const text = `insert into "${table}" (${names}) values ${values}`
  try {
    await database.executeQuery(CompiledQuery.raw(text, rows.flat()))
  } catch (error) {
    throw new MaintenanceError(
      `table ${table} does not take what the file holds: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
  }
}
