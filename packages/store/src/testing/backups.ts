// Backups of a test's databases, and what a backup holds.
import { gunzipSync, gzipSync } from 'node:zlib'
import { expect } from 'vitest'
import type { StoreOptions } from '../connect.ts'
import { type Row, writeBackup } from '../maintenance/backup-format.ts'
import { type Maintenance, openMaintenance, openMigrated } from '../maintenance/maintenance.ts'
import { openMigrations, openStore } from '../open.ts'
import { directly } from './directly.ts'
import { fillEveryTable } from './filled.ts'

/** From one database into an empty other: the same rows in every table, but for the epochs, which are new. */
export async function expectMoved(from: StoreOptions, to: StoreOptions): Promise<void> {
  await restoreInto(to, await backupOf(from))
  const [before, after] = [await contentOf(from), await contentOf(to)]
  const epochs = new Set(after['streams']?.map((row) => row['epoch']))
  expect(epochs.size).toBe(1)
  expect(epochs).not.toContain('before')
  const withoutEpochs = (content: Content) => ({
    ...content,
    streams: content['streams']?.map(({ epoch: _epoch, ...row }) => row),
  })
  expect(withoutEpochs(after)).toEqual(withoutEpochs(before))
}

/** A restore into another database with screens: no link of either works there afterwards. */
export async function expectLinksLeftOut(from: StoreOptions, to: StoreOptions): Promise<void> {
  for (const [options, name] of [
    [from, 'in-the-backup'],
    [to, 'made-since'],
  ] as const) {
    await fill(options)
    await using store = await openStore(options)
    await store.write(async ({ screens }) => {
      const link = { roomId: 'r', kind: 'tv' as const, name, createdBy: 'U', createdAt: '2026-01-01' }
      await screens.insert({ ...link, id: name, hash: `hash-${name}` })
      await screens.setShow('r', 'black')
    })
  }
  const file = await backupOf(from)
  expect(gunzipSync(file).toString()).not.toContain('hash-in-the-backup')
  await restoreInto(to, file, true)
  const screensIn = async (options: StoreOptions) => {
    await using store = await openStore(options)
    return await store.read(async ({ screens }) => ({
      links: (await screens.list('r')).map(({ id }) => id),
      show: await screens.show('r'),
    }))
  }
  expect(await screensIn(to)).toEqual({ links: [], show: 'auto' })
  // The database that was backed up goes on as it was.
  const { links, show } = await screensIn(from)
  expect(links).toContain('in-the-backup')
  expect(show).toBe('black')
}

export async function fill(options: StoreOptions): Promise<void> {
  {
    await using opened = await openMigrations(options)
    await opened.migrations.up()
  }
  await directly(options, fillEveryTable)
}

/** As an operator does, next to whatever has it open. */
export async function beside<T>(options: StoreOptions, work: (maintenance: Maintenance) => Promise<T>) {
  await using maintenance = await openMaintenance(options)
  return await work(maintenance)
}

type Content = Record<string, Record<string, unknown>[]>

/** Every row of every table, by the text of a backup. */
export async function contentOf(options: StoreOptions): Promise<Content> {
  const content: Content = {}
  let columns: string[] = []
  let rows: Record<string, unknown>[] = []
  for (const line of gunzipSync(await backupOf(options))
    .toString()
    .trimEnd()
    .split('\n')
    .slice(1, -1)) {
    const value = JSON.parse(line) as unknown[] | { table: string; columns: string[] }
    if (Array.isArray(value)) rows.push(Object.fromEntries(columns.map((column, place) => [column, value[place]])))
    else {
      columns = value.columns
      rows = []
      content[value.table] = rows
    }
  }
  for (const table of Object.values(content)) table.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  return content
}

export async function backupOf(options: StoreOptions): Promise<Buffer> {
  const pieces: string[] = []
  await beside(options, (maintenance) =>
    maintenance.backUp(async (_header, text) => {
      for await (const piece of text) pieces.push(piece)
    }),
  )
  return gzipSync(pieces.join(''))
}

export async function restoreInto(options: StoreOptions, file: Uint8Array, replace = false) {
  await using maintenance = await openMigrated(options)
  return await maintenance.restore(only(file), { replace })
}

/** A whole file of one table, with any content. */
export async function made(schema: string, table: string, columns: string[], rows: Row[]): Promise<Buffer> {
  const header = { tablecast: 'backup' as const, format: 1, schema, madeAt: new Date().toISOString() }
  const counts = { [table]: rows.length }
  const tables = only({ table, columns, rows: only(rows) })
  const pieces: string[] = []
  for await (const piece of writeBackup({ ...header, database: 'sqlite', counts }, tables)) pieces.push(piece)
  return gzipSync(pieces.join(''))
}

export async function* only<T>(value: T): AsyncGenerator<T> {
  yield await Promise.resolve(value)
}
