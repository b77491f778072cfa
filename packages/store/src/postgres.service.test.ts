import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aggregation } from './market/candles.ts'
import { expectMoved, fill, maintenanceContract } from './maintenance/maintenance-contract.ts'
import { marketContract } from './market/market-contract.ts'
import { migrationsContract } from './migrations-contract.ts'
import { openStore } from './open.ts'
import { connectPostgres } from './postgres.ts'
import { storeContract } from './store-contract.ts'
import { startPostgres, TcpProxy, temporaryFolder, type TestPostgres } from '@tablecast/testing'

describe('on PostgreSQL', () => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres[Symbol.asyncDispose]())

  const options = async () => ({ databaseUrl: await postgres.createDatabase(), dataDir: ':memory:' })
  storeContract(async () => openStore(await options()))
  marketContract(async () => openStore(await options()))
  const place = async () => ({ options: await options(), [Symbol.asyncDispose]: () => Promise.resolve() })
  migrationsContract(place)
  maintenanceContract(place)

  it('takes over a table that was played on SQLite, and gives it back', async () => {
    await using folder = await temporaryFolder()
    await using other = await temporaryFolder()
    const moved = await options()
    await fill({ dataDir: folder.path })
    await expectMoved({ dataDir: folder.path }, moved)
    await expectMoved(moved, { dataDir: other.path })
  })

  it('tells whoever asked when the connection breaks or falls silent in the middle of a query, and goes on', async () => {
    const { databaseUrl } = await options()
    const url = new URL(databaseUrl)
    const port = Number(url.port)
    await using proxy = await TcpProxy.listen({ route: () => [port] })
    url.port = String(proxy.port)
    const { kysely } = connectPostgres(url.href, { silentMs: 1_000 })
    const ask = (seconds: number) => sql<{ one: number }>`select 1 as one from pg_sleep(${seconds})`.execute(kysely)
    await ask(0)

    const broken = expect(ask(60)).rejects.toThrow(/ECONNRESET|Connection terminated/)
    for (const connection of proxy.connections) connection.cut()
    await broken
    expect((await ask(0)).rows).toEqual([{ one: 1 }])

    proxy.freeze()
    await expect(ask(0)).rejects.toMatchObject({ code: 'ETIMEDOUT' })
    proxy.thaw()
    expect((await ask(0)).rows).toEqual([{ one: 1 }])
    await kysely.destroy()
  })

  it('finds candles by their key when there are many, in a table that could be a hypertable', async () => {
    const { databaseUrl } = await options()
    await using store = await openStore({ databaseUrl, dataDir: ':memory:' })
    await store.ping()
    const { kysely } = connectPostgres(databaseUrl)
    await sql`insert into sectors select 's' || n, 'S', '', 1, 1, '', '' from generate_series(1, 20) n`.execute(kysely)
    await sql`
      insert into sector_candles select 's' || s, '2026-01-01'::timestamptz + n * interval '1 minute', 1, 1, 1, 1, 1
      from generate_series(1, 20) s, generate_series(0, 5000) n`.execute(kysely)
    await sql`analyze sector_candles`.execute(kysely)
    const span = { sectorId: 's1', from: '2026-01-02T00:00:00.000Z', to: '2026-01-02T06:00:00.000Z' }
    const query = aggregation({ ...span, intervalMs: 300_000, limit: 100 }, 'postgres')
    const { rows } = await sql<{ 'QUERY PLAN': string }>`explain ${query}`.execute(kysely)
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
    expect(plan).toContain('sector_candles_pk')
    expect(plan).not.toContain('Seq Scan on sector_candles')

    // What create_hypertable asks for: a time type, and the time in every unique index.
    const { rows: types } = await sql<{ data_type: string }>`
      select data_type from information_schema.columns where table_name = 'sector_candles' and column_name = 'timestamp'`.execute(
      kysely,
    )
    expect(types).toEqual([{ data_type: 'timestamp with time zone' }])
    const { rows: keys } = await sql<{ indexdef: string }>`
      select indexdef from pg_indexes where tablename = 'sector_candles' and indexdef like '%UNIQUE%'`.execute(kysely)
    expect(keys.length).toBe(1)
    for (const { indexdef } of keys) expect(indexdef).toContain('"timestamp"')
    await kysely.destroy()
  })
})
