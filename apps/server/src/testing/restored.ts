// A server on a new database with the content of another server's backup.
import { gzipSync } from 'node:zlib'
import { contentOf, openMediaStore } from '@tablecast/media'
import { openMaintenance, openMigrated, type StoreOptions } from '@tablecast/store'
import { temporaryFolder } from '@tablecast/testing'
import { openTestbed } from './testbed.ts'

/**
 * `from`: may be in use by a server meanwhile. `databaseUrl`: of an empty database. Then a backup of the SQLite file is restored into it, so that the
 * content has gone both ways.
 */
export async function openRestored(from: StoreOptions, environment: Record<string, string>, databaseUrl?: string) {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await temporaryFolder())
  const inFile = { dataDir: folder.path }
  await restore(await backedUp(from), inFile)
  const inDatabase = databaseUrl === undefined ? null : { databaseUrl, dataDir: ':memory:' }
  if (inDatabase) await restore(await backedUp(inFile), inDatabase)
  const place = databaseUrl === undefined ? { DATA_DIR: folder.path } : { DATABASE_URL: databaseUrl }
  const testbed = opened.use(await openTestbed({ ...environment, ...place }))
  const owned = opened.move()
  return { ...testbed, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

async function restore(file: Uint8Array, into: StoreOptions): Promise<void> {
  await using maintenance = await openMigrated(into)
  const content = contentOf(openMediaStore(maintenance.store, into))
  await maintenance.restore(only(file), { replace: true, content })
}

async function backedUp(options: StoreOptions): Promise<Uint8Array> {
  await using maintenance = await openMaintenance(options)
  const pieces: string[] = []
  const content = contentOf(openMediaStore(maintenance.store, options))
  await maintenance.backUp(async (_header, text) => {
    for await (const piece of text) pieces.push(piece)
  }, content)
  return gzipSync(pieces.join(''))
}

async function* only(file: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(file)
}
