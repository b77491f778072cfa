// SQLite on a file: every commit is on the disk before it is acknowledged, and one process owns the file.
import { statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { dirname, join } from 'node:path'
import { Kysely, SqliteDialect, type SqliteDatabase } from 'kysely'
import type { Connection } from './connection.ts'
import type { Database } from './schema.ts'
import { SqliteFiles } from './sqlite-files.ts'

/** The write-ahead log shrinks to this size. It grows beyond it only while another process reads an older state. */
export const WAL_BYTES = 16 * 1_024 * 1_024
/** The time between two checks of the log's size. */
const CHECK_INTERVAL_MS = 1_000
/** With less free space than this a commit of a few pages may fail. */
const LITTLE_BYTES = 256 * 1_024

/** `beside`: opens the file beside the process that owns it, for short work that waits for the lock. */
export function connectSqlite(file: string, { beside = false } = {}): Connection {
  const lock = beside || file === ':memory:' ? null : claim(dirname(file))
  const database = new DatabaseSync(file)
  // FULL: a commit survives the machine, not only the process. The thread stands still while SQLite waits for another writer: a server
  // does not wait there, and tries again (`TransactionalStore`).
  database.exec(
    `pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
     pragma journal_size_limit = ${WAL_BYTES}; pragma busy_timeout = ${beside ? 60_000 : 0}`,
  )
  const files = file === ':memory:' ? null : new SqliteFiles(file, database)
  const kysely = new Kysely<Database>({
    dialect: new SqliteDialect({ database: new Prepared(database, () => files?.isEmptied ?? false) }),
  })
  const wal = files && new WriteAheadLog(`${file}-wal`, database)
  return {
    kind: 'sqlite',
    kysely,
    isLost: () => files?.areLost() ?? false,
    isFull: async () => {
      if (file === ':memory:') return false
      const { bavail, bsize } = await statfs(dirname(file))
      return bavail * bsize < LITTLE_BYTES
    },
    walBytes: () => wal?.bytes ?? null,
    tidy: () => wal?.shrink(),
    until: (_deadline, work) => work(),
    closed: () => lock?.close(),
  }
}

/**
 * An exclusive lock on a file beside the data. The operating system releases it when the process ends in any way. A process id in a
 * file would stay.
 */
function claim(dataDir: string): DatabaseSync {
  const lock = new DatabaseSync(join(dataDir, 'owner.lock'))
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive; create table if not exists owner (pid integer)')
    return lock
  } catch (error) {
    lock.close()
    if (error instanceof Error && /locked|busy/i.test(error.message))
      throw new Error(`DATA_DIR ${dataDir} is in use by another Tablecast process: stop it, or choose another folder`, {
        cause: error,
      })
    throw error
  }
}

/** SQLite uses the file again from its beginning, and never makes it smaller by itself. */
class WriteAheadLog {
  readonly #file: string
  readonly #database: DatabaseSync
  #lookedAt = -Infinity

  constructor(file: string, database: DatabaseSync) {
    this.#file = file
    this.#database = database
  }

  get bytes(): number {
    return statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0
  }

  /** Called after each transaction. Does little while another process still reads an older state, and is tried again then. */
  shrink(): void {
    const now = performance.now()
    if (now - this.#lookedAt < CHECK_INTERVAL_MS || this.#database.isTransaction) return
    this.#lookedAt = now
    if (this.bytes <= WAL_BYTES) return
    try {
      this.#database.prepare('pragma wal_checkpoint(truncate)').get()
    } catch {
      // Commits are safe in the log; the next write fails if the disk is full or broken.
    }
  }
}

/** A driver for Kysely's SQLite dialect, over Node's own. Statements are prepared once. */
class Prepared implements SqliteDatabase {
  readonly #database: DatabaseSync
  readonly #isEmptied: () => boolean
  readonly #statements = new Map<string, ReturnType<SqliteDatabase['prepare']>>()

  constructor(database: DatabaseSync, isEmptied: () => boolean) {
    this.#database = database
    this.#isEmptied = isEmptied
  }

  close(): void {
    // Closing writes what is in the write-ahead log into the file: an emptied one would look like a database again.
    if (!this.#isEmptied()) this.#database.close()
  }

  prepare(sql: string): ReturnType<SqliteDatabase['prepare']> {
    const known = this.#statements.get(sql)
    if (known) return known
    const statement = this.#database.prepare(sql)
    const prepared = {
      reader: statement.columns().length > 0,
      all: (parameters: readonly unknown[]) => statement.all(...bound(parameters)),
      // A commit that fails, on a full disk, has ended the transaction already; that there is none to take back would hide the reason.
      run: (parameters: readonly unknown[]) =>
        sql === 'rollback' && !this.#database.isTransaction ? NO_CHANGE : statement.run(...bound(parameters)),
      iterate: (parameters: readonly unknown[]) => statement.iterate(...bound(parameters)),
    }
    if (this.#statements.size < 500) this.#statements.set(sql, prepared)
    return prepared
  }
}

const NO_CHANGE = { changes: 0, lastInsertRowid: 0 }

const bound = (parameters: readonly unknown[]) => parameters as Parameters<StatementSync['all']>
