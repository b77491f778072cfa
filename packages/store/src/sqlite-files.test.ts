// The files of a SQLite database may be lost, emptied or replaced while a server has them open.
import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { temporaryFolder } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { openMaintenance, openMigrated } from './maintenance/maintenance.ts'
import { sqliteFile } from './connect.ts'
import { openStore } from './open.ts'
import type { Store } from './store.ts'
import { databaseProblemOf } from './database-problem.ts'

const at = '2026-01-01T00:00:00.000Z'

async function openTable() {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await temporaryFolder())
  // The folder may be taken away; the one around it stays.
  const dataDir = join(folder.path, 'data')
  const store = opened.use(await openStore({ dataDir }))
  await write(store, 'first')
  const owned = opened.move()
  return { dataDir, file: sqliteFile(dataDir), store, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

const write = (store: Store, id: string) =>
  store.write(async ({ rooms }) => {
    await rooms.insert({ id, name: 'Room', activeCampaignId: null, createdAt: at })
    return id
  })

const kindOf = (error: unknown) => databaseProblemOf(error)?.kind ?? error

async function expectLost(store: Store): Promise<void> {
  expect(store.condition?.problem).toMatchObject({ kind: 'lost' })
  expect(await store.condition?.probe()).toMatchObject({ kind: 'lost' })
  expect(await write(store, 'into nothing').catch(kindOf)).toBe('lost')
  expect(await store.ping().catch(kindOf)).toBe('lost')
}

/** Another process: `sqlite3`, or a command beside the server. */
function beside(file: string, statements: string): void {
  using other = new DatabaseSync(file)
  other.exec(statements)
}

/** Large enough that a part of it can go. */
async function fill(store: Store): Promise<void> {
  await store.write(async ({ streams }) => {
    for (let n = 0; n < 300; n++)
      await streams.append('topic:t', at, () => JSON.stringify({ n, text: 'x'.repeat(2_000) }))
  })
}

describe('a database whose files are', () => {
  const gone: Record<string, (file: string, dataDir: string) => void> = {
    'deleted, all of them': (_file, dataDir) => {
      for (const name of readdirSync(dataDir)) if (name.startsWith('tablecast.sqlite')) rmSync(join(dataDir, name))
    },
    'deleted, the database alone': (file) => rmSync(file),
    'deleted, the write-ahead log alone': (file) => rmSync(`${file}-wal`),
    'deleted, the index of the log alone': (file) => rmSync(`${file}-shm`),
    'deleted with their folder': (_file, dataDir) => rmSync(dataDir, { recursive: true }),
    'moved away': (file) => renameSync(file, `${file}.old`),
    'moved away with their folder': (_file, dataDir) => renameSync(dataDir, `${dataDir}-old`),
    emptied: (file) => truncateSync(file),
    'overwritten with something shorter': (file) => writeFileSync(file, 'no database'),
    'replaced by a copy': (file) => {
      copyFileSync(file, `${file}.copy`)
      renameSync(`${file}.copy`, file)
    },
    'replaced by another database': (file) => {
      rmSync(file)
      beside(file, 'create table t (x)')
    },
  }
  for (const [what, happens] of Object.entries(gone))
    it(`${what}: takes no write`, async () => {
      await using table = await openTable()
      happens(table.file, table.dataDir)
      await expectLost(table.store)
    })

  it('cut in the middle: takes no write', async () => {
    await using table = await openTable()
    await fill(table.store)
    beside(table.file, 'pragma wal_checkpoint(truncate)')
    await write(table.store, 'second')
    truncateSync(table.file, 40_960)
    await expectLost(table.store)
  })

  it('gone while a write is under way: does not acknowledge it', async () => {
    await using table = await openTable()
    const writing = table.store.write(async ({ rooms }) => {
      await rooms.insert({ id: 'late', name: 'Room', activeCampaignId: null, createdAt: at })
      rmSync(table.file)
    })
    expect(await writing.catch(kindOf)).toBe('lost')
  })

  it('moved away and back: goes on, and has everything', async () => {
    await using table = await openTable()
    for (let round = 0; round < 3; round++) {
      renameSync(table.dataDir, `${table.dataDir}-old`)
      await expectLost(table.store)
      renameSync(`${table.dataDir}-old`, table.dataDir)
      expect(await write(table.store, `round-${round}`)).toBe(`round-${round}`)
      expect(table.store.condition?.problem).toBeNull()
    }
  })

  it('emptied and then written into: stays lost, since what SQLite remembers of it is wrong', async () => {
    await using table = await openTable()
    copyFileSync(table.file, `${table.file}.copy`)
    truncateSync(table.file)
    await expectLost(table.store)
    copyFileSync(`${table.file}.copy`, table.file)
    await expectLost(table.store)
  })

  it('made smaller by VACUUM and checkpoints of another process: goes on', async () => {
    await using table = await openTable()
    await fill(table.store)
    await table.store.write(({ streams }) => streams.clear('topic:t'))
    expect(await write(table.store, 'before')).toBe('before')
    beside(table.file, 'vacuum; pragma wal_checkpoint(truncate)')
    expect(await write(table.store, 'after')).toBe('after')
    beside(table.file, 'pragma wal_checkpoint(truncate)')
    expect(await write(table.store, 'at last')).toBe('at last')
  })
})

describe('a start in a folder whose database is gone', () => {
  const options = (dataDir: string) => ({ dataDir })
  const lose: Record<string, (file: string) => void> = {
    deleted: (file) => {
      for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
    },
    emptied: (file) => truncateSync(file),
    'deleted, with its log left behind': (file) => rmSync(file),
    'replaced by a database without tables': (file) => {
      rmSync(file)
      beside(file, 'pragma user_version = 1')
    },
  }
  for (const [what, happens] of Object.entries(lose))
    it(`refuses, says what to do, and touches nothing: ${what}`, async () => {
      const table = await openTable()
      const { dataDir, file } = table
      await using _folder = { [Symbol.asyncDispose]: () => Promise.resolve(rmSync(dataDir, { recursive: true })) }
      await table.store[Symbol.asyncDispose]()
      writeFileSync(`${file}-wal`, 'what is left of the log')
      happens(file)
      const before = readdirSync(dataDir)
      for (let tries = 0; tries < 2; tries++)
        await expect(openStore(options(dataDir))).rejects.toThrow(/gone or empty.*restore a backup.*has-database/)
      if (what !== 'replaced by a database without tables') expect(readdirSync(dataDir)).toEqual(before)
    })

  it('begins with a new database once its operator says so, and says that it did', async () => {
    const table = await openTable()
    const { dataDir, file } = table
    await using _folder = { [Symbol.asyncDispose]: () => Promise.resolve(rmSync(dataDir, { recursive: true })) }
    expect(table.store.condition?.isNew).toBe(true)
    await table.store[Symbol.asyncDispose]()
    {
      await using again = await openStore(options(dataDir))
      expect(again.condition?.isNew).toBe(false)
    }
    rmSync(file)
    rmSync(join(dataDir, 'has-database'))
    await using anew = await openStore(options(dataDir))
    expect(anew.condition?.isNew).toBe(true)
  })

  it('of an earlier version, which left no mark: begins, and leaves one', async () => {
    await using folder = await temporaryFolder()
    {
      await using _store = await openStore(options(folder.path))
    }
    rmSync(join(folder.path, 'has-database'))
    {
      await using _store = await openStore(options(folder.path))
    }
    expect(existsSync(join(folder.path, 'has-database'))).toBe(true)
  })

  it('is mended by a backup', async () => {
    const from = await openTable()
    await using _folder = { [Symbol.asyncDispose]: () => Promise.resolve(rmSync(from.dataDir, { recursive: true })) }
    const pieces: Buffer[] = []
    {
      await using maintenance = await openMaintenance(options(from.dataDir))
      await maintenance.backUp(async (_header, text) => {
        const { createGzip } = await import('node:zlib')
        const { pipeline } = await import('node:stream/promises')
        await pipeline(text, createGzip(), async (source: AsyncIterable<Buffer>) => {
          for await (const piece of source) pieces.push(piece)
        })
      })
    }
    await from.store[Symbol.asyncDispose]()
    truncateSync(from.file)
    await expect(openMaintenance(options(from.dataDir))).rejects.toThrow(/is an empty file/)
    {
      await using maintenance = await openMigrated(options(from.dataDir))
      await maintenance.restore(
        (async function* () {
          yield* pieces
        })(),
        { replace: false },
      )
    }
    await using store = await openStore(options(from.dataDir))
    expect(await store.read(({ rooms }) => rooms.get('first'))).not.toBeNull()
  })
})
