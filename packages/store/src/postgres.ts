import { Socket } from 'node:net'
import { Kysely, PostgresDialect } from 'kysely'
import { Pool, types } from 'pg'
import type { Connection } from './open.ts'
import type { Database } from './schema.ts'

// Positions and counts are the only bigints, and far below 2^53.
types.setTypeParser(types.builtins.INT8, Number)

/** Longer than any statement may take: a connection that says nothing for so long is dead, whatever the network believes. */
const SILENT_MS = 15_000

/** `beside`: for an operator's work, which may take long. `silentMs`: 0 for no limit. */
export function connectPostgres(
  url: string,
  { beside = false, silentMs = beside ? 0 : SILENT_MS }: { beside?: boolean; silentMs?: number } = {},
): Connection {
  const longestMs = beside ? 0 : 10_000
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
  // So would one that breaks in the middle of a query; whoever asked is told by that query.
  pool.on('connect', (client) => client.on('error', () => {}))
  return {
    kind: 'postgres',
    kysely: new Kysely<Database>({ dialect: new PostgresDialect({ pool }) }),
    closed: () => {},
  }
}

/** Without it a query on a connection that a network swallowed would wait for ever, and hold its place in the pool. */
function listeningSocket(silentMs: number): Socket {
  const socket = new Socket()
  return socket.setTimeout(silentMs, () => {
    socket.destroy(Object.assign(new Error('the database does not answer'), { code: 'ETIMEDOUT' }))
  })
}
