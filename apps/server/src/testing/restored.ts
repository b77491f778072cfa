// A server on a new SQLite file that holds what a backup of another server does.
import { gzipSync } from 'node:zlib'
import { contentOf, openMediaStore } from '@tablecast/media'
import { openMaintenance, openMigrated, type StoreOptions } from '@tablecast/store'
import { temporaryFolder } from '@tablecast/testing'
import { openTestbed } from './testbed.ts'

/** `from`: may be in use by a server meanwhile. */
export async function openRestored(from: StoreOptions, environment: Record<string, string>) {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await temporaryFolder())
  const file = await backedUp(from)
  {
    const into = { dataDir: folder.path }
    await using maintenance = await openMigrated(into)
    const content = contentOf(openMediaStore(maintenance.store, into))
    await maintenance.restore(only(file), { replace: true, content })
  }
  const testbed = opened.use(await openTestbed({ ...environment, DATA_DIR: folder.path }))
  const owned = opened.move()
  return { ...testbed, [Symbol.asyncDispose]: () => owned.disposeAsync() }
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
