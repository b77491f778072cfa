import { type Kysely, sql } from 'kysely'
import type { Database } from './schema.ts'
import type { Store, StoreKind, Tables } from './store.ts'
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
import { restores } from './restores.ts'
import { rooms } from './rooms.ts'
import { streams } from './streams.ts'
import { tickets } from './tickets.ts'
import { topics } from './topics.ts'
import { users } from './users.ts'

/** PostgreSQL asks for another try with these: serialisation failure, deadlock. */
export const AGAIN = new Set(['40001', '40P01'])
const TRIES = 5
/** An operator who restores a SQLite file has it alone for so long at the most; it is asked for again after each pause. */
const LOCKED_MS = 10_000
const PAUSE_MS = 20

export class TransactionalStore implements Store {
  readonly kind: StoreKind
  readonly #database: Kysely<Database>
  readonly #closed: () => void

  constructor(database: Kysely<Database>, kind: StoreKind, closed: () => void) {
    this.#database = database
    this.kind = kind
    this.#closed = closed
  }

  read<T>(work: (tables: Tables) => Promise<T>): Promise<T> {
    const transaction = this.#database.transaction()
    const consistent =
      this.kind === 'postgres'
        ? transaction.setIsolationLevel('repeatable read').setAccessMode('read only')
        : transaction
    return consistent.execute((database) => work(tablesOf(database, this.kind)))
  }

  async write<T>(work: (tables: Tables) => Promise<T>): Promise<T> {
    const deadline = performance.now() + LOCKED_MS
    for (let tries = 1; ; tries++) {
      try {
        return await this.#database.transaction().execute((database) => work(tablesOf(database, this.kind)))
      } catch (error) {
        if (isLocked(error) && performance.now() < deadline)
          await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
        else if (tries >= TRIES || !AGAIN.has(String((error as { code?: unknown }).code))) throw error
      }
    }
  }

  async ping(): Promise<void> {
    await sql`select 1`.execute(this.#database)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#database.destroy()
    this.#closed()
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
