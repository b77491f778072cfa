import { AsyncLocalStorage } from 'node:async_hooks'
import { Socket } from 'node:net'
import { Kysely, PostgresDialect } from 'kysely'
import { Pool, type PoolClient, types } from 'pg'
import type { Connection } from './connection.ts'
import type { Database } from './schema.ts'
import { MAX_WAIT_MS } from './transactions.ts'
import { DatabaseProblemError } from './database-problem.ts'

// Positions and counts are the only bigints, and far below 2^53.
types.setTypeParser(types.builtins.INT8, Number)

/** Longer than any statement may take: a connection that is silent for this time is dead, whatever the network believes. */
const SILENCE_TIMEOUT_MS = 15_000
/** A statement that waits for all of a transaction's time is ended by PostgreSQL, and its connection stays good. */
const GRACE_MS = 500

/** `beside`: for an operator's work, which may take long. `silentMs`: 0 for no limit. */
export function connectPostgres(
  url: string,
  { beside = false, silentMs = beside ? 0 : SILENCE_TIMEOUT_MS }: { beside?: boolean; silentMs?: number } = {},
): Connection {
  const longestMs = beside ? 0 : MAX_WAIT_MS
  const pool = new Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 5_000,
    statement_timeout: longestMs,
    idle_in_transaction_session_timeout: longestMs,
    stream: () => listeningSocket(silentMs),
  })
  // Without a listener a connection that breaks while idle would end the process.
  pool.on('error', () => {})
  // So would one that breaks in the middle of a query; that query rejects.
  pool.on('connect', (client) => client.on('error', () => {}))
  const timed = new TimedPool(pool)
  return {
    kind: 'postgres',
    kysely: new Kysely<Database>({ dialect: new PostgresDialect({ pool: timed }) }),
    isLost: () => false,
    isFull: () => Promise.resolve(false),
    walBytes: () => null,
    tidy: () => {},
    until: (deadline, work) => (beside ? work() : timed.until(deadline + GRACE_MS, work)),
    closed: () => {},
  }
}

/** `late` rejects when the time is over. */
type Piece = { client: PoolClient | null; isOver: boolean; late: Promise<never> }

/** A pool that knows which connection a piece of work holds, so that it can be ended with everything that waits in it. */
class TimedPool {
  readonly #pool: Pool
  readonly #pieces = new AsyncLocalStorage<Piece>()

  constructor(pool: Pool) {
    this.#pool = pool
  }

  get options(): object {
    return this.#pool.options
  }

  end(): Promise<void> {
    return this.#pool.end()
  }

  async connect(): Promise<PoolClient> {
    const piece = this.#pieces.getStore()
    const connecting = this.#pool.connect()
    if (!piece) return connecting
    const client = await Promise.race([connecting, piece.late]).catch((error: unknown) => {
      connecting.then(
        (late) => late.release(),
        () => {},
      )
      throw error
    })
    piece.client = client
    return client
  }

  /**
   * The time limits of PostgreSQL are for a statement; this one is for all of `work`, with its wait for a connection. Whether a
   * commit that was under way then came true is not known.
   */
  async until<T>(deadline: number, work: () => Promise<T>): Promise<T> {
    const over = Promise.withResolvers<never>()
    over.promise.catch(() => {})
    const piece: Piece = { client: null, isOver: false, late: over.promise }
    const timer = setTimeout(
      () => {
        piece.isOver = true
        over.reject(new DatabaseProblemError('held'))
        void Promise.resolve(piece.client?.end()).catch(() => {})
      },
      // Timers take no more; a day is as good as for ever.
      Math.min(Math.max(0, deadline - performance.now()), 86_400_000),
    )
    try {
      return await this.#pieces.run(piece, work)
    } catch (error) {
      throw piece.isOver ? new DatabaseProblemError('held') : error
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Without it a query on a connection that a network swallowed would wait for ever, and hold its place in the pool. */
function listeningSocket(silentMs: number): Socket {
  const socket = new Socket()
  return socket.setTimeout(silentMs, () => {
    socket.destroy(Object.assign(new Error('the database does not answer'), { code: 'ETIMEDOUT' }))
  })
}
