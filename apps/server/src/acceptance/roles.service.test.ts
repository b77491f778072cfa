import { openStore } from '@tablecast/store'
import { startPostgres, type TestPostgres } from '@tablecast/testing'
import { afterAll, beforeAll, describe } from 'vitest'
import { roleContract } from '../testing/role-contract.ts'

describe('the access of each role on PostgreSQL', () => {
  const opened = new AsyncDisposableStack()
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = opened.use(await startPostgres())
  })
  afterAll(() => opened.disposeAsync())

  roleContract(async () => {
    const databaseUrl = await postgres.createDatabase()
    return { store: opened.use(await openStore({ databaseUrl, dataDir: ':memory:' })) }
  })
})
