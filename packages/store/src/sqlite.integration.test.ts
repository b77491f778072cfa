import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { type CampaignState, emptyState } from '@tablecast/contracts'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { aggregation } from './market/candles.ts'
import { maintenanceContract } from './maintenance/maintenance-contract.ts'
import { diceContract } from './dice-contract.ts'
import { marketContract } from './market/market-contract.ts'
import { migrationsContract } from './migrations-contract.ts'
import { newMigration } from './migrations.ts'
import { openMigrations, openStore } from './open.ts'
import { connectSqlite, WAL_BYTES } from './sqlite.ts'
import { pushContract } from './push-contract.ts'
import { storeContract } from './store-contract.ts'
import { campaignOf } from './testing/rows.ts'
import { temporaryFolder, until } from '@tablecast/testing'
import { databaseProblemOf } from './database-problem.ts'

describe('on SQLite', () => {
  storeContract(() => openStore({ dataDir: ':memory:' }))
  diceContract(() => openStore({ dataDir: ':memory:' }))
  pushContract(() => openStore({ dataDir: ':memory:' }))
  marketContract(() => openStore({ dataDir: ':memory:' }))
  const place = async () => {
    const folder = await temporaryFolder()
    return { options: { dataDir: folder.path }, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
  }
  migrationsContract(place)
  maintenanceContract(place)

  it('reports a full disk, keeps its data, and writes again when there is space', async () => {
    await using folder = await temporaryFolder()
    const { kysely } = connectSqlite(join(folder.path, 'tablecast.sqlite'))
    await sql`create table words (word text)`.execute(kysely)
    const write = (word: string) =>
      kysely.transaction().execute((database) => sql`insert into words values (${word})`.execute(database))
    await write('first')
    await sql`pragma max_page_count = 4`.execute(kysely)
    for (let tries = 0; tries < 2; tries++)
      await expect(write('x'.repeat(100_000))).rejects.toMatchObject({ errcode: 13, message: /full/ })
    await sql`pragma max_page_count = 1000`.execute(kysely)
    await write('second')
    const { rows } = await sql`select word from words`.execute(kysely)
    expect(rows).toEqual([{ word: 'first' }, { word: 'second' }])
    await kysely.destroy()
  })

  it('writes a few pages of a long state when a number in it gets longer', async () => {
    await using folder = await temporaryFolder()
    await using store = await openStore({ dataDir: folder.path })
    const logBytes = async () => (await stat(join(folder.path, 'tablecast.sqlite-wal'))).size
    const stateWith = (first: string): CampaignState => ({
      ...emptyState,
      beats: [first, ...Array<string>(200).fill('A door of oak, barred from within. '.repeat(5))].map((text, at) => ({
        id: String(at),
        text,
        done: false,
        visible: true,
      })),
    })
    await store.write(async ({ rooms, campaigns }) => {
      await rooms.insert({ id: 'r', name: 'R', activeCampaignId: null, createdAt: '' })
      await campaigns.insert(campaignOf('c', 'r'))
    })
    const bytesOfSave = async (version: number, first: string) => {
      const before = await logBytes()
      await store.write(({ campaigns }) =>
        campaigns.save({ ...campaignOf('c', 'r'), version, state: stateWith(first) }),
      )
      return (await logBytes()) - before
    }
    const whole = await bytesOfSave(10, '9')
    const changed = await bytesOfSave(11, '10')
    expect(whole).toBeGreaterThan(45_000)
    expect(changed).toBeLessThan(whole / 4)
  })

  it('finds candles by their key, however many there are', async () => {
    await using folder = await temporaryFolder()
    {
      await using opened = await openMigrations({ dataDir: folder.path })
      await opened.migrations.up()
    }
    const { kysely } = connectSqlite(join(folder.path, 'tablecast.sqlite'))
    const span = { sectorId: 's', from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' }
    const query = aggregation({ ...span, intervalMs: 300_000, limit: 100 }, 'sqlite')
    const { rows } = await sql<{ detail: string }>`explain query plan ${query}`.execute(kysely)
    const plan = rows
      .map(({ detail }) => detail)
      .filter((detail) => detail.includes('sector_candles') || /opening|closing/.test(detail))
    expect(plan.length).toBe(3)
    for (const detail of plan)
      expect(detail).toMatch(/SEARCH .* USING (COVERING )?INDEX .*sector_candles.* \(sector_id=\? AND timestamp/)
    await kysely.destroy()
  })

  it('a new migration gets the next number, and runs', async () => {
    await using folder = await temporaryFolder()
    const into = pathToFileURL(`${folder.path}/`)
    await newMigration('first one', into)
    const path = await newMigration('Agents have a portrait!', into)
    expect(path).toBe(join(folder.path, '0002_agents_have_a_portrait.ts'))
    expect(await readFile(path, 'utf8')).toContain('async down(')
    await expect(newMigration('!', into)).rejects.toThrow('name the migration')
  })

  it('shrinks its write-ahead log once no other process reads an older state', async () => {
    await using folder = await temporaryFolder()
    await using store = await openStore({ dataDir: folder.path })
    const bytes = () => store.condition?.walBytes ?? 0
    const write = () =>
      store.write(async ({ streams }) => {
        for (let n = 0; n < 100; n++) await streams.append('topic:t', '', () => 'x'.repeat(20_000))
      })
    await write()
    expect(bytes()).toBeLessThanOrEqual(WAL_BYTES)
    {
      using reader = new DatabaseSync(join(folder.path, 'tablecast.sqlite'), { readOnly: true })
      reader.exec('begin; select count(*) from streams')
      while (bytes() < 3 * WAL_BYTES) await write()
      // Nobody waits for the reader.
      await write()
    }
    // A server reads every other second, whether it is used or not.
    await until(async () => {
      await store.read(({ streams }) => streams.find('topic:t'))
      return bytes() <= WAL_BYTES
    })
    const seq = await store.read(async ({ streams }) => (await streams.find('topic:t'))?.head)
    expect((seq ?? 0) % 100).toBe(0)
  })

  it('answers at the deadline of each call while another process writes, and goes on after it', async () => {
    await using folder = await temporaryFolder()
    await using store = await openStore({ dataDir: folder.path })
    using other = new DatabaseSync(join(folder.path, 'tablecast.sqlite'))
    other.exec('begin immediate')
    const write = (deadline: number) =>
      store.write(({ streams }) => streams.append('topic:t', '', () => '{}'), { deadline }).catch(databaseProblemOf)
    const now = performance.now()
    const answers = await Promise.all(Array.from({ length: 50 }, () => write(now + 1_000)))
    expect(answers).toEqual(answers.map(() => expect.objectContaining({ kind: 'held' }) as unknown))
    expect(await write(now)).toMatchObject({ kind: 'held' })
    expect(await store.condition?.probe()).toMatchObject({ kind: 'held' })
    other.exec('commit')
    expect(await write(performance.now() + 10_000)).toMatchObject({ seq: 1 })
    expect(store.condition?.problem).toBeNull()
  })

  it('a data directory is owned by one process at a time', async () => {
    await using folder = await temporaryFolder()
    {
      await using first = await openStore({ dataDir: folder.path })
      await first.ping()
      await expect(openStore({ dataDir: folder.path })).rejects.toThrow('in use by another Tablecast process')
    }
    await using again = await openStore({ dataDir: folder.path })
    await again.ping()
  })
})
