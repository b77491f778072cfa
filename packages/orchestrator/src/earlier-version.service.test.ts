import { openStore } from '@tablecast/store'
import { startPostgres } from '@tablecast/testing'
import { describe, it } from 'vitest'
import { importExport, restoreBackup, walkJournal } from './testing/earlier-version.ts'

describe('on PostgreSQL, of a version before fights,', () => {
  it('a backup undoes and redoes every step, and the export beside it becomes a campaign', async () => {
    await using postgres = await startPostgres()
    const options = { databaseUrl: await postgres.createDatabase(), dataDir: ':memory:' }
    await restoreBackup(options)
    await using store = await openStore(options)
    await walkJournal(store)
    await importExport(store)
  })
})
