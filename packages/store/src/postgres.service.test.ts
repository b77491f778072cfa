import { afterAll, beforeAll, describe } from 'vitest'
import { openStore } from './open.ts'
import { storeContract } from './store-contract.ts'
import { startPostgres, type TestPostgres } from '@tablecast/testing'

describe('on PostgreSQL', () => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres[Symbol.asyncDispose]())

  storeContract(async () => openStore({ databaseUrl: await postgres.createDatabase(), dataDir: ':memory:' }))
})
