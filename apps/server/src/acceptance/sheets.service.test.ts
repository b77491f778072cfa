import { openStore } from '@tablecast/store'
import { startPostgres, type TestPostgres } from '@tablecast/testing'
import { afterAll, beforeAll, describe } from 'vitest'
import { sheetContract } from '../testing/sheet-contract.ts'

describe('the rights to sheets on PostgreSQL', () => {
  const opened = new AsyncDisposableStack()
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = opened.use(await startPostgres())
  })
  afterAll(() => opened.disposeAsync())

  sheetContract(async () => {
    const databaseUrl = await postgres.createDatabase()
    return { store: opened.use(await openStore({ databaseUrl, dataDir: ':memory:' })) }
  })
})
