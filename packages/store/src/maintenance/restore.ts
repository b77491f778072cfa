// A backup into a database that may be in use. Everything is read, checked and put into temporary tables first; then one transaction
// replaces the old rows. Others see all of the old or all of the new, and wait only while that one runs.
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Kysely, sql, type Transaction } from 'kysely'
import { sqliteFile } from '../connect.ts'
import { openMigrations } from '../open.ts'
import type { Database } from '../schema.ts'
import { connectSqlite } from '../sqlite.ts'
import type { StoreKind } from '../store-kind.ts'
import { newEpoch } from '../streams.ts'
import { RETRYABLE_CODES } from '../transactions.ts'
import { backedUpTables, isBackedUp } from './backed-up.ts'
import {
  MaintenanceError,
  type BackupHeader,
  type Counts,
  type Part,
  readBackup,
  type Row,
  type TableHead,
  type Value,
} from './backup-format.ts'
import { countRows } from './backup.ts'
import { ContentTaker, type PictureContent } from './content.ts'
import { knownSchemas } from './schema-of.ts'
import { insertRows, ownTables, tableHeads, tableRows } from './table-rows.ts'

const TRIES = 10

/**
 * `lockedMs`: how long writers of the database had to wait. `mended`: texts from which NUL was removed. Older versions let it in, and
 * PostgreSQL can't hold it. `keptRevoked`: API keys that were good in the backup and were revoked since. `pictureFiles`: files of pictures
 * that the backup holds.
 */
export type Restored = {
  header: BackupHeader
  counts: Counts
  epoch: string
  lockedMs: number
  mended: number
  keptRevoked: number
  pictureFiles: number
}

export type RestoreOptions = {
  /** True: the content that the database has now may be deleted. False: only an empty database takes the backup. */
  replace: boolean
  /** Takes the content of pictures. Without it the content is left out. */
  content?: PictureContent | null
}

/**
 * The database has to be up to date. Throws `MaintenanceError`; then nothing has changed, except that files of pictures may lie there
 * that nothing names.
 */
export async function restore(
  database: Kysely<Database>,
  kind: StoreKind,
  source: AsyncIterable<Uint8Array>,
  { replace, content = null }: RestoreOptions,
): Promise<Restored> {
  return database.connection().execute(async (connection) => {
    const schemas = await knownSchemas(connection, kind)
    if (!replace) await mustBeEmpty(connection)
    const parts = readBackup(source)
    const { value: first } = await parts.next()
    if (first?.kind !== 'header') throw new MaintenanceError('this is no backup of Tablecast')
    const { header } = first
    if (!schemas.includes(header.schema))
      throw new MaintenanceError(
        `the backup is of schema ${header.schema}, which this Tablecast does not know: use a newer one`,
      )
    const isCurrent = header.schema === schemas.at(-1)
    const epoch = newEpoch()
    const staging = new Staging(connection, kind, await tableHeads(connection))
    const pictures = new ContentTaker(content)
    const tables = pictures.othersOf(parts)
    try {
      await staging.take(isCurrent ? tables : broughtUpToDate(header, tables))
      await staging.setEpoch(epoch)
      const { since, keptRevoked } = await again(() =>
        connection
          .transaction()
          .execute((transaction) => replaceAll(transaction, { kind, staging, header, epoch, replace })),
      )
      const { counts, mended } = staging
      return {
        header,
        counts,
        epoch,
        lockedMs: performance.now() - since,
        mended,
        keptRevoked,
        pictureFiles: pictures.files,
      }
    } finally {
      await staging.drop()
    }
  })
}

/** Every stream gets a new epoch, and all dice a new seed, for a database that was brought back by other means: a copy of the disk, `pg_restore`. */
export async function renewEpochs(database: Kysely<Database>, kind: StoreKind): Promise<string> {
  const epoch = newEpoch()
  await database.transaction().execute(async (transaction) => {
    await mark(transaction, epoch, null)
    await transaction.updateTable('streams').set({ epoch }).execute()
    await forgetSeeds(transaction)
    await raiseSequences(transaction, kind)
  })
  return epoch
}

async function mustBeEmpty(database: Kysely<Database>): Promise<void> {
  const held: string[] = []
  for (const table of backedUpTables) {
    const rows = await countRows(database, table)
    if (rows > 0) held.push(`${rows} ${table}`)
  }
  if (held.length > 0)
    throw new MaintenanceError(`the database holds ${held.join(', ')}: --replace lets them go for those of the backup`)
}

/** Temporary tables of this connection, shaped as the real ones. */
class Staging {
  readonly heads: readonly TableHead[]
  readonly counts: Counts = {}
  mended = 0
  readonly #connection: Kysely<Database>
  readonly #kind: StoreKind

  constructor(connection: Kysely<Database>, kind: StoreKind, heads: readonly TableHead[]) {
    this.#connection = connection
    this.#kind = kind
    this.heads = heads
  }

  static nameOf = (table: string): string => `staged_${table}`

  async take(parts: AsyncIterable<Part>): Promise<void> {
    for (const { table } of this.heads) {
      this.counts[table] = 0
      await sql`create temporary table ${sql.table(Staging.nameOf(table))} as select * from ${sql.table(table)} where 1 = 0`.execute(
        this.#connection,
      )
    }
    await load(parts, this.heads, (head, rows) => {
      this.counts[head.table] = (this.counts[head.table] ?? 0) + rows.length
      const staged = { ...head, table: Staging.nameOf(head.table) }
      return insertRows(
        this.#connection,
        this.#kind,
        staged,
        rows.map((row) => row.map((value) => this.#mend(value))),
      )
    })
  }

  #mend(value: Value): Value {
    if (typeof value !== 'string' || !value.includes('\0')) return value
    this.mended += 1
    return value.replaceAll('\0', '')
  }

  async setEpoch(epoch: string): Promise<void> {
    await sql`update ${sql.table(Staging.nameOf('streams'))} set epoch = ${epoch}`.execute(this.#connection)
  }

  async drop(): Promise<void> {
    for (const { table } of this.heads)
      await sql`drop table if exists ${sql.table(Staging.nameOf(table))}`.execute(this.#connection)
  }
}

type Replacing = { kind: StoreKind; staging: Staging; header: BackupHeader; epoch: string; replace: boolean }

/** `since`: when it had the database for itself, by `performance.now()`. */
async function replaceAll(
  transaction: Transaction<Database>,
  replacing: Replacing,
): Promise<{ since: number; keptRevoked: number }> {
  const { kind, staging, header, epoch, replace } = replacing
  // Readers go on and see what was there before; writers wait.
  if (kind === 'postgres')
    await sql`lock table ${sql.join(backedUpTables.map((table) => sql.table(table)))} in exclusive mode`.execute(
      transaction,
    )
  // SQLite's one lock for writers is taken with the first write.
  await mark(transaction, epoch, header.madeAt)
  const since = performance.now()
  if (!replace) await mustBeEmpty(transaction)
  const revoked = await transaction
    .selectFrom('api_keys')
    .select(['id', 'revoked_at'])
    .where('revoked_at', 'is not', null)
    .execute()
  await forgetSeeds(transaction)
  for (const table of backedUpTables.toReversed()) await transaction.deleteFrom(table).execute()
  for (const { table, columns } of staging.heads) {
    const names = sql.join(columns.map((column) => sql.ref(column)))
    await sql`insert into ${sql.table(table)} (${names}) select ${names} from ${sql.table(Staging.nameOf(table))}`.execute(
      transaction,
    )
  }
  await raiseSequences(transaction, kind)
  return { since, keptRevoked: await revokeAgain(transaction, revoked) }
}

/** The table has seen the rolls since the backup. With the same seed the same dice would come again. */
const forgetSeeds = (transaction: Transaction<Database>) => transaction.deleteFrom('dice_seeds').execute()

/** A key that leaked and was revoked stays so, however old the backup is. */
async function revokeAgain(
  transaction: Transaction<Database>,
  revoked: readonly { id: string; revoked_at: string | null }[],
): Promise<number> {
  let kept = 0
  for (const { id, revoked_at } of revoked) {
    const { numUpdatedRows } = await transaction
      .updateTable('api_keys')
      .set({ revoked_at })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .executeTakeFirst()
    kept += Number(numUpdatedRows)
  }
  return kept
}

async function mark(transaction: Transaction<Database>, epoch: string, madeAt: string | null): Promise<void> {
  await transaction.insertInto('restores').values({ epoch, at: new Date().toISOString(), made_at: madeAt }).execute()
}

/**
 * PostgreSQL counts positions beside the tables: on above what the rows have, and never down, since a sequence does not come back
 * when the transaction fails. SQLite looks at the rows by itself.
 */
async function raiseSequences(transaction: Transaction<Database>, kind: StoreKind): Promise<void> {
  if (kind !== 'postgres') return
  for (const { name: table, columns } of await ownTables(transaction))
    for (const { name: column, isAutoIncrementing } of columns)
      if (isAutoIncrementing && isBackedUp(table))
        await sql`
          with sequence as (select pg_get_serial_sequence(${table}, ${column})::regclass as id)
          select setval(id, greatest(nextval(id), (select max(${sql.ref(column)}) from ${sql.table(table)}))) from sequence`.execute(
          transaction,
        )
}

async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (tries >= TRIES || !RETRYABLE_CODES.has(String((error as { code?: unknown }).code))) throw error
    }
  }
}

/** The rows of an older schema, after the later migrations, which run on a database made for that. */
async function* broughtUpToDate(header: BackupHeader, parts: AsyncIterable<Part>): AsyncGenerator<Part> {
  const dataDir = await mkdtemp(join(tmpdir(), `tablecast-restore-${randomUUID().slice(0, 8)}-`))
  // Also at SIGTERM or SIGINT: it holds everything in clear.
  const tidy = () => rmSync(dataDir, { recursive: true, force: true })
  process.once('exit', tidy)
  try {
    {
      await using opened = await openMigrations({ dataDir })
      await opened.migrations.upTo(header.schema)
    }
    const { kysely } = connectSqlite(sqliteFile(dataDir), { beside: true })
    try {
      await kysely.transaction().execute(async (transaction) => {
        const heads = await tableHeads(transaction)
        await load(parts, heads, (head, rows) => insertRows(transaction, 'sqlite', head, rows))
      })
    } finally {
      await kysely.destroy()
    }
    {
      await using opened = await openMigrations({ dataDir })
      await opened.migrations.up()
    }
    yield* allOf(sqliteFile(dataDir))
  } finally {
    process.off('exit', tidy)
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** Hands on what comes, table by table. Throws `MaintenanceError` for tables that are not as these. */
async function load(
  parts: AsyncIterable<Part>,
  heads: readonly TableHead[],
  insert: (head: TableHead, rows: readonly Row[]) => Promise<void>,
): Promise<void> {
  let head: TableHead | null = null
  for await (const part of parts) {
    if (part.kind === 'table') {
      const known = heads.find(({ table }) => table === part.table)
      if (known?.columns.join() !== part.columns.toSorted().join())
        throw new MaintenanceError(`the file's table ${part.table} is not as its schema says`)
      head = { table: part.table, columns: part.columns }
    } else if (part.kind === 'rows' && head) await insert(head, part.rows)
  }
}

async function* allOf(file: string): AsyncGenerator<Part> {
  const { kysely } = connectSqlite(file, { beside: true })
  const transaction = await kysely.startTransaction().execute()
  try {
    for await (const { table, columns, rows } of tableRows(transaction, 'sqlite', await tableHeads(transaction))) {
      yield { kind: 'table', table, columns }
      for await (const group of rows) yield { kind: 'rows', table, rows: group }
    }
  } finally {
    await transaction.rollback().execute()
    await kysely.destroy()
  }
}
