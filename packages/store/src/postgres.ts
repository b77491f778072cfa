import { Kysely, PostgresDialect } from 'kysely'
import { Pool, types } from 'pg'
import type { Connection } from './open.ts'
import type { Database } from './schema.ts'

// Positions and counts are the only bigints, and far below 2^53.
types.setTypeParser(types.builtins.INT8, Number)

/** `beside`: for an operator's work, which may take long. */
export function connectPostgres(url: string, { beside = false } = {}): Connection {
  const longestMs = beside ? 0 : 10_000
  const pool = new Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 5_000,
    statement_timeout: longestMs,
    idle_in_transaction_session_timeout: longestMs,
  })
  // Without a listener a connection that breaks while idle would end the process.
  pool.on('error', () => {})
  return {
    kind: 'postgres',
    kysely: new Kysely<Database>({ dialect: new PostgresDialect({ pool }) }),
    closed: () => {},
  }
}
