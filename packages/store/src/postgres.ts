import { Kysely, PostgresDialect } from 'kysely'
import { Pool, types } from 'pg'
import { migrate } from './migrations.ts'
import type { Database } from './schema.ts'
import { TransactionalStore } from './transactions.ts'

// `position` is the only bigint, and far below 2^53.
types.setTypeParser(types.builtins.INT8, Number)

export async function openPostgres(url: string): Promise<TransactionalStore> {
  const pool = new Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 10_000,
    idle_in_transaction_session_timeout: 10_000,
  })
  // Without a listener a connection that breaks while idle would end the process.
  pool.on('error', () => {})
  const kysely = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
  try {
    await migrate(kysely, 'postgres')
  } catch (error) {
    await kysely.destroy()
    throw error
  }
  return new TransactionalStore(kysely, 'postgres', () => {})
}
