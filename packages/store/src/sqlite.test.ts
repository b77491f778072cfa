import { describe, expect, it } from 'vitest'
import { openStore } from './open.ts'
import { storeContract } from './store-contract.ts'
import { temporaryFolder } from '@tablecast/testing'

describe('on SQLite', () => {
  storeContract(() => openStore({ dataDir: ':memory:' }))

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
