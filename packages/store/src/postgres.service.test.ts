import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aggregation } from './market/candles.ts'
import { maintenanceContract } from './maintenance/maintenance-contract.ts'
import { expectLinksLeftOut, expectMoved, fill } from './testing/backups.ts'
import { diceContract } from './dice-contract.ts'
import { marketContract } from './market/market-contract.ts'
import { migrationsContract } from './migrations-contract.ts'
import { openStore } from './open.ts'
import { openMaintenance } from './maintenance/maintenance.ts'
import { connectPostgres } from './postgres.ts'
import { pushContract } from './push-contract.ts'
import { storeContract } from './store-contract.ts'
import { databaseProblemOf } from './database-problem.ts'
import { startPostgres, TcpProxy, temporaryFolder, type TestPostgres } from '@tablecast/testing'

describe('on PostgreSQL', () => {
  let postgres: TestPostgres
  /** Migrated once: all steps take longer than most of these tests. */
  let migrated = ''
  beforeAll(async () => {
    postgres = await startPostgres()
    migrated = await postgres.createDatabase()
    await using _store = await openStore({ databaseUrl: migrated, dataDir: ':memory:' })
  })
  afterAll(() => postgres[Symbol.asyncDispose]())

  const options = async (like?: string) => ({ databaseUrl: await postgres.createDatabase(like), dataDir: ':memory:' })
  const current = async () => openStore(await options(migrated))
  storeContract(current)
  diceContract(current)
  pushContract(current)
  marketContract(current)
  const place = async (like?: string) => ({
    options: await options(like),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  })
  migrationsContract(place)
  maintenanceContract(() => place(migrated))

  it('restores a backup of SQLite, and SQLite restores its backup', async () => {
    await using folder = await temporaryFolder()
    await using other = await temporaryFolder()
    const moved = await options()
    await fill({ dataDir: folder.path })
    await expectMoved({ dataDir: folder.path }, moved)
    await expectMoved(moved, { dataDir: other.path })
  })

  it('restores a backup of SQLite without its links of screens, and removes its own', async () => {
    await using folder = await temporaryFolder()
    await expectLinksLeftOut({ dataDir: folder.path }, await options())
  })

  it('a call fails when the connection breaks or falls silent in the middle of a query, and the next one succeeds', async () => {
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

  it('answers at the deadline of each call, whatever the number of locks, and keeps its connections', async () => {
    const { databaseUrl } = await options()
    await using store = await openStore({ databaseUrl, dataDir: ':memory:' })
    const at = '2026-01-01T00:00:00.000Z'
    await store.write(async ({ rooms }) => {
      for (const id of ['a', 'b']) await rooms.insert({ id, name: 'Room', activeCampaignId: null, createdAt: at })
    })
    await using other = await openMaintenance({ databaseUrl, dataDir: ':memory:' })
    const hold = async (id: string) => {
      const [held, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      const holding = other.store.write(async ({ rooms }) => {
        await rooms.lock(id)
        held.resolve()
        await free.promise
      })
      await held.promise
      return () => {
        free.resolve()
        return holding
      }
    }
    const freeA = await hold('a')
    const freeB = await hold('b')
    const write = (deadline: number) =>
      store
        .write(
          async ({ rooms }) => {
            await rooms.lock('a')
            await rooms.lock('b')
            return 'written'
          },
          { deadline },
        )
        .catch(databaseProblemOf)
    // More than there are connections: some wait for one.
    const now = performance.now()
    const waiting = Array.from({ length: 15 }, () => write(now + 2_000))
    setTimeout(() => void freeA(), 1_000)
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => expect.objectContaining({ kind: 'held' }) as unknown))
    // By the limits of a statement alone the second lock has ten more seconds.
    expect(performance.now() - now).toBeLessThan(9_000)
    expect(store.condition?.problem).toMatchObject({ kind: 'held' })
    await freeB()
    expect(await Promise.all(Array.from({ length: 30 }, () => write(performance.now() + 10_000)))).toEqual(
      Array.from({ length: 30 }, () => 'written'),
    )
  })

  it('reports the reason when it can be read but not written', async () => {
    const { databaseUrl } = await options()
    await using store = await openStore({ databaseUrl, dataDir: ':memory:' })
    expect(await store.condition?.probe()).toBeNull()
    const name = new URL(databaseUrl).pathname.slice(1)
    const { kysely } = connectPostgres(databaseUrl, { beside: true })
    // As on a standby: for each connection from now on.
    await sql`alter database ${sql.id(name)} set default_transaction_read_only = on`.execute(kysely)
    await kysely.destroy()
    await using standby = await openStore({ databaseUrl, dataDir: ':memory:' })
    await standby.ping()
    expect(await standby.condition?.probe()).toMatchObject({ kind: 'refused' })
    expect(await standby.write(({ streams }) => streams.open('topic:t')).catch(databaseProblemOf)).toMatchObject({
      kind: 'refused',
    })
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

    // create_hypertable asks for a time type, and for the time in every unique index.
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
