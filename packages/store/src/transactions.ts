import { type Kysely, sql, type Transaction } from 'kysely'
import { Condition } from './condition.ts'
import type { Connection } from './connection.ts'
import { KnownStates, StatesOfTransaction } from './known-states.ts'
import type { Database } from './schema.ts'
import { repositoriesOf } from './repositories.ts'
import type { Repositories, Store, TransactionOptions } from './store.ts'
import { SharedCommits } from './shared-commits.ts'
import type { StoreKind } from './store-kind.ts'
import { DatabaseProblemError } from './database-problem.ts'

/** PostgreSQL asks for another try with these: serialisation failure, deadlock. */
export const RETRYABLE_CODES = new Set(['40001', '40P01'])
const TRIES = 5
/** The longest that a call waits for the database: for those before it, for a connection, and for locks that others hold. */
export const MAX_WAIT_MS = 10_000
/** SQLite does not wake a call that waits for another process: the call tries again, after longer and longer pauses. */
const PAUSE_MS = { first: 20, longest: 250 }

/** Carries out a transaction, and answers after its commit. */
type Execute = <R>(inside: (database: Transaction<Database>) => Promise<R>) => Promise<R>

/** `maxKnownStates`: in bytes; see `KnownStates`. */
type TransactionalStoreOptions = { isNew?: boolean; maxKnownStates?: number | undefined }

export class TransactionalStore implements Store {
  readonly kind: StoreKind
  readonly condition: Condition
  readonly #connection: Connection
  readonly #database: Kysely<Database>
  readonly knownStates: KnownStates
  /** Null on PostgreSQL, whose transactions run side by side and share its own commits. */
  readonly #commits: SharedCommits | null
  #isClosed = false

  constructor(connection: Connection, { isNew = false, maxKnownStates }: TransactionalStoreOptions = {}) {
    this.kind = connection.kind
    this.knownStates = new KnownStates(maxKnownStates)
    this.#connection = connection
    this.#database = connection.kysely
    this.#commits = connection.kind === 'sqlite' ? new SharedCommits(connection.kysely) : null
    this.condition = new Condition({
      connection,
      isNew,
      // A row that no backup holds, and that is nobody's lease.
      tryWrite: (deadline) => this.write(({ leases }) => leases.take('probe', 'probe', 0), { deadline }),
    })
  }

  read<T>(work: (repositories: Repositories) => Promise<T>, { deadline }: TransactionOptions = {}): Promise<T> {
    return this.#attempt(deadline, () => {
      const transaction = this.#database.transaction()
      const consistent =
        this.kind === 'postgres'
          ? transaction.setIsolationLevel('repeatable read').setAccessMode('read only')
          : transaction
      return this.#run(work, (inside) => consistent.execute(inside))
    })
  }

  write<T>(work: (repositories: Repositories) => Promise<T>, { deadline }: TransactionOptions = {}): Promise<T> {
    return this.condition.watch(() =>
      this.#attempt(deadline, (until) =>
        this.#run(work, (inside) =>
          this.#commits ? this.#commits.run(inside, until) : this.#database.transaction().execute(inside),
        ),
      ),
    )
  }

  async #run<T>(work: (repositories: Repositories) => Promise<T>, execute: Execute): Promise<T> {
    const { result, states } = await execute(async (database) => {
      const met = new StatesOfTransaction(this.knownStates)
      return { result: await work(repositoriesOf(database, this.kind, met)), states: met }
    })
    states.committed()
    return result
  }

  async ping(): Promise<void> {
    this.condition.mustLast()
    await sql`select 1`.execute(this.#database)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    await this.#database.destroy()
    this.#connection.closed()
  }

  async #attempt<T>(deadline = performance.now() + MAX_WAIT_MS, run: (deadline: number) => Promise<T>): Promise<T> {
    if (performance.now() >= deadline) throw new DatabaseProblemError('held')
    let pauseMs = PAUSE_MS.first
    for (let tries = 1; ; tries++) {
      // A call whose client has gone may outlive the store. That is no fault of the database.
      if (this.#isClosed) throw new DatabaseProblemError('closed')
      try {
        const result = await this.#connection.until(deadline, () => run(deadline))
        this.#connection.tidy()
        return result
      } catch (error) {
        const leftMs = deadline - performance.now()
        if (leftMs <= 0) throw error
        if (isLocked(error)) {
          await new Promise((resolve) => setTimeout(resolve, Math.min(pauseMs, leftMs)))
          pauseMs = Math.min(pauseMs * 2, PAUSE_MS.longest)
        } else if (tries >= TRIES || !RETRYABLE_CODES.has(String((error as { code?: unknown }).code))) throw error
      }
    }
  }
}

/** SQLITE_BUSY in all its forms: another process writes, or has written since this transaction began to read. */
const isLocked = (error: unknown): boolean => (Number((error as { errcode?: unknown }).errcode) & 0xff) === 5
