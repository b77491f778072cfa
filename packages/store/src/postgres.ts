import { Kysely, PostgresDialect } from 'kysely'
import { Pool, types } from 'pg'
import type { Connection } from './open.ts'
import type { Database } from './schema.ts'

// Positions and counts are the only bigints, and far below 2^53.
types.setTypeParser(types.builtins.INT8, Number)

export function connectPostgres(url: string): Connection {
  const pool = new Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 10_000,
    idle_in_transaction_session_timeout: 10_000,
  })
  // Without a listener a connection that breaks while idle would end the process.
  pool.on('error', () => {})
  return {
    kind: 'postgres',
    kysely: new Kysely<Database>({ dialect: new PostgresDialect({ pool }) }),
    closed: () => {},
  }
}
