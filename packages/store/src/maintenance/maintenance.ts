// An operator's work on a database, beside the servers that use it.
import { statSync } from 'node:fs'
import { type Kysely, sql } from 'kysely'
import { databaseNow } from '../database-clock.ts'
import type { Connection } from '../connection.ts'
import { connectBeside, sqliteFile, type StoreOptions } from '../connect.ts'
import { openMigrations } from '../open.ts'
import type { Database } from '../schema.ts'
import type { Store } from '../store.ts'
import type { StoreKind } from '../store-kind.ts'
import { TransactionalStore } from '../transactions.ts'
import { backUp } from './backup.ts'
import { MaintenanceError, type BackupHeader } from './backup-format.ts'
import type { PictureContent } from './content.ts'
import { checkInvariants, type Invariant } from './invariants.ts'
import { renewEpochs, restore, type Restored, type RestoreOptions } from './restore.ts'
import { type RoomSize, roomSizes } from './room-sizes.ts'
import { appliedTo, knownSchemas } from './schema-of.ts'

/**
 * `pending`: migrations that the next start applies. `unknown`: those that only a newer Tablecast knows. `aheadMs`: how far the
 * database's clock is ahead of this machine's.
 */
export type DatabaseState = {
  version: string
  schema: string | null
  pending: string[]
  unknown: string[]
  aheadMs: number
}

export class Maintenance implements AsyncDisposable {
  readonly kind: StoreKind
  /** For single questions and changes. The schema may be older than this program: look at `state` first. */
  readonly store: Store
  readonly #database: Kysely<Database>

  constructor(connection: Connection) {
    this.#database = connection.kysely
    this.kind = connection.kind
    this.store = new TransactionalStore(connection)
  }

  /** See `backUp`: one consistent view, in pieces, whatever the size. `content` has to use another connection. */
  backUp(
    take: (header: BackupHeader, text: AsyncIterable<string>) => Promise<void>,
    content: PictureContent | null = null,
  ): Promise<void> {
    return backUp(this.#database, this.kind, take, content)
  }

  /** See `restore`: all of it or nothing; clients that follow a stream get a snapshot. */
  restore(source: AsyncIterable<Uint8Array>, options: RestoreOptions): Promise<Restored> {
    return restore(this.#database, this.kind, source, options)
  }

  /** For a database that was brought back by other means: every cursor from before gets a snapshot. */
  renewEpochs(): Promise<string> {
    return renewEpochs(this.#database, this.kind)
  }

  rooms(): Promise<RoomSize[]> {
    return this.#reading(roomSizes)
  }

  invariants(): Promise<Invariant[]> {
    return this.#reading((database) => checkInvariants(database, this.kind))
  }

  async state(): Promise<DatabaseState> {
    const before = Date.now()
    const { rows } = await sql<{ now: number; version: string }>`
      select ${databaseNow(this.kind).ms} as now, ${this.kind === 'postgres' ? sql`version()` : sql`sqlite_version()`} as version
    `.execute(this.#database)
    const [row] = rows
    const aheadMs = (row?.now ?? 0) - (before + Date.now()) / 2
    const applied = await appliedTo(this.#database)
    const known = await knownSchemas(this.#database, this.kind)
    return {
      version: row?.version ?? '',
      schema: applied.at(-1) ?? null,
      pending: known.filter((name) => !applied.includes(name)),
      unknown: applied.filter((name) => !known.includes(name)),
      aheadMs,
    }
  }

  /** Throws `MaintenanceError` when the schema is not that of this program. */
  async mustBeCurrent(): Promise<void> {
    const { pending, unknown } = await this.state()
    if (unknown.length > 0) throw newer(unknown)
    if (pending.length > 0)
      throw new MaintenanceError('the database is of an older schema: start the server once, or run pnpm db:migrate')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store[Symbol.asyncDispose]()
  }

  /** One consistent view, whatever is written meanwhile. */
  #reading<T>(work: (database: Kysely<Database>) => Promise<T>): Promise<T> {
    const transaction = this.#database.transaction()
    return this.kind === 'postgres'
      ? transaction.setIsolationLevel('repeatable read').setAccessMode('read only').execute(work)
      : transaction.execute(work)
  }
}

/**
 * Opens a database that servers may be using; a SQLite file is not claimed, and nothing is migrated.
 * Throws `MaintenanceError` when there is no SQLite file in `dataDir`.
 */
export async function openMaintenance(options: StoreOptions): Promise<Maintenance> {
  const { databaseUrl, dataDir } = options
  if (databaseUrl) return new Maintenance(await connectBeside(options))
  const file = statSync(sqliteFile(dataDir), { throwIfNoEntry: false })
  if (!file)
    throw new MaintenanceError(`there is no database in ${dataDir}: set DATA_DIR or DATABASE_URL as for the server`)
  // To open it would make it one.
  if (file.size === 0) throw new MaintenanceError(`the database in ${dataDir} is an empty file: restore a backup`)
  return new Maintenance(await connectBeside(options))
}

/**
 * The same, with a database that is made or brought up to date where it has to be. Throws when a server with an older schema has the
 * SQLite file.
 */
export async function openMigrated(options: StoreOptions): Promise<Maintenance> {
  if (!(await isUpToDate(options))) {
    await using opened = await openMigrations(options, { mayBegin: true })
    await opened.migrations.up()
  }
  return openMaintenance(options)
}

/** Asked before anything is claimed: a server that runs has brought its database up to date. */
async function isUpToDate(options: StoreOptions): Promise<boolean> {
  if (!options.databaseUrl && !statSync(sqliteFile(options.dataDir), { throwIfNoEntry: false })?.size) return false
  await using maintenance = await openMaintenance(options)
  const { pending, unknown } = await maintenance.state()
  if (unknown.length > 0) throw newer(unknown)
  return pending.length === 0
}

const newer = (unknown: readonly string[]) =>
  new MaintenanceError(
    `the database is of schema ${unknown.at(-1)}, which this Tablecast does not know: use a newer one`,
  )
