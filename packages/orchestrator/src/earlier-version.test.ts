import { openStore } from '@tablecast/store'
import { temporaryFolder } from '@tablecast/testing'
import { describe, it } from 'vitest'
import { importExport, placeDatabase, restoreBackup, walkJournal } from './testing/earlier-version.ts'

describe('on SQLite, of a version before fights,', () => {
  it('a journal undoes and redoes every step, and a fight goes on from it', async () => {
    await using folder = await temporaryFolder()
    placeDatabase(folder.path)
    await using store = await openStore({ dataDir: folder.path })
    await walkJournal(store)
  })

  it('a backup undoes and redoes every step, and a fight goes on from it', async () => {
    await using folder = await temporaryFolder()
    await restoreBackup({ dataDir: folder.path })
    await using store = await openStore({ dataDir: folder.path })
    await walkJournal(store)
  })

  it('an export becomes a campaign in which a fight is undone', async () => {
    await using store = await openStore({ dataDir: ':memory:' })
    await importExport(store)
  })
})
