// SQLite on a file: every commit is on the disk before it is acknowledged, and one process owns the file.
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { dirname, join } from 'node:path'
import { Kysely, SqliteDialect, type SqliteDatabase } from 'kysely'
import type { Connection } from './open.ts'
import type { Database } from './schema.ts'

/** `beside`: next to the process that owns the file, for a short work that waits its turn. */
export function connectSqlite(file: string, { beside = false } = {}): Connection {
  const lock = beside || file === ':memory:' ? null : claim(dirname(file))
  const database = new DatabaseSync(file)
  // FULL: a commit survives the machine, not only the process. The thread stands still while it waits for another writer: who serves
  // waits for a moment, and tries again (`TransactionalStore`).
  database.exec(
    `pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma busy_timeout = ${beside ? 60_000 : 10}`,
  )
  const kysely = new Kysely<Database>({ dialect: new SqliteDialect({ database: new Prepared(database) }) })
  return { kind: 'sqlite', kysely, closed: () => lock?.close() }
}

/**
 * An exclusive lock on a file beside the data. The operating system gives it back when the process dies, however it dies,
 * which a process id in a file would not.
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

/** What Kysely's SQLite dialect asks of a driver, over Node's own. Statements are prepared once. */
class Prepared implements SqliteDatabase {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, ReturnType<SqliteDatabase['prepare']>>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  close(): void {
    this.#database.close()
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
