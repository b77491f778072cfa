import { type Kysely, sql } from 'kysely'
import { Condition } from './condition.ts'
import type { Connection } from './open.ts'
import type { Database } from './schema.ts'
import type { Store, StoreKind, Tables, TransactionOptions } from './store.ts'
import { apiKeys } from './api-keys.ts'
import { auditTrail } from './audit.ts'
import { answers } from './answers.ts'
import { arenaSessions } from './arena.ts'
import { campaigns, entries, journal } from './campaigns.ts'
import { leases } from './leases.ts'
import { locks as namedLocks } from './locks.ts'
import { agents } from './market/agents.ts'
import { candles } from './market/candles.ts'
import { discussions } from './market/discussions.ts'
import { messages } from './market/messages.ts'
import { sectors } from './market/sectors.ts'
import { narrator } from './narrator.ts'
import { pages } from './pages.ts'
import { restores } from './restores.ts'
import { rooms } from './rooms.ts'
import { streams } from './streams.ts'
import { tickets } from './tickets.ts'
import { topics } from './topics.ts'
import { TroubleError } from './trouble.ts'
import { users } from './users.ts'

/** PostgreSQL asks for another try with these: serialisation failure, deadlock. */
export const AGAIN = new Set(['40001', '40P01'])
const TRIES = 5
/** The longest that a call waits for the database: for those before it, for a connection, and for locks that others hold. */
export const MAX_WAIT_MS = 10_000
/** SQLite does not wake who waits for another process: each asks again, after longer and longer pauses. */
const PAUSE_MS = { first: 20, longest: 250 }
export class TransactionalStore implements Store {
  readonly kind: StoreKind
  readonly condition: Condition
  readonly #connection: Connection
  readonly #database: Kysely<Database>

  constructor(connection: Connection, { isNew = false } = {}) {
    this.kind = connection.kind
    this.#connection = connection
    this.#database = connection.kysely
    this.condition = new Condition({
      connection,
      isNew,
      // A row that no backup holds, and that is nobody's lease.
      tryWrite: (deadline) => this.write((tables) => tables.leases.take('probe', 'probe', 0), { deadline }),
    })
  }

  read<T>(work: (tables: Tables) => Promise<T>, { deadline }: TransactionOptions = {}): Promise<T> {
    return this.#attempt(deadline, () => {
      const transaction = this.#database.transaction()
      const consistent =
        this.kind === 'postgres'
          ? transaction.setIsolationLevel('repeatable read').setAccessMode('read only')
          : transaction
      return consistent.execute((database) => work(tablesOf(database, this.kind)))
    })
  }

  write<T>(work: (tables: Tables) => Promise<T>, { deadline }: TransactionOptions = {}): Promise<T> {
    return this.condition.watch(() =>
      this.#attempt(deadline, () =>
        this.#database.transaction().execute((database) => work(tablesOf(database, this.kind))),
      ),
    )
  }

  async ping(): Promise<void> {
    this.condition.mustLast()
    await sql`select 1`.execute(this.#database)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#database.destroy()
    this.#connection.closed()
  }

  async #attempt<T>(deadline = performance.now() + MAX_WAIT_MS, run: () => Promise<T>): Promise<T> {
    if (performance.now() >= deadline) throw new TroubleError('held')
    let pauseMs = PAUSE_MS.first
    for (let tries = 1; ; tries++) {
      try {
        const result = await this.#connection.until(deadline, run)
        this.#connection.tidy()
        return result
      } catch (error) {
        const leftMs = deadline - performance.now()
        if (leftMs <= 0) throw error
        if (isLocked(error)) {
          await new Promise((resolve) => setTimeout(resolve, Math.min(pauseMs, leftMs)))
          pauseMs = Math.min(pauseMs * 2, PAUSE_MS.longest)
        } else if (tries >= TRIES || !AGAIN.has(String((error as { code?: unknown }).code))) throw error
      }
    }
  }
}

/** SQLITE_BUSY in all its forms: another process writes, or has written since this transaction began to read. */
const isLocked = (error: unknown): boolean => (Number((error as { errcode?: unknown }).errcode) & 0xff) === 5

function tablesOf(database: Kysely<Database>, kind: StoreKind): Tables {
  // SQLite has one writer and no row locks: the transaction is the lock.
  const locks = kind === 'postgres'
  return {
    rooms: rooms(database, locks),
    campaigns: campaigns(database),
    journal: journal(database),
    entries: entries(database),
    pages: pages(database),
    streams: streams(database, locks),
    answers: answers(database),
    locks: namedLocks(database, kind),
    arena: arenaSessions(database, locks),
    leases: leases(database, kind),
    topics: topics(database, locks),
    apiKeys: apiKeys(database, locks),
    sectors: sectors(database, locks),
    agents: agents(database, locks),
    candles: candles(database, kind),
    discussions: discussions(database, locks),
    messages: messages(database),
    narrator: narrator(database),
    users: users(database),
    tickets: tickets(database, kind),
    audit: auditTrail(database),
    restores: restores(database),
  }
}
