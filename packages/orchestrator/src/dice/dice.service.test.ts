import { openStore } from '@tablecast/store'
import { startPostgres, type TestPostgres } from '@tablecast/testing'
import { afterAll, beforeAll, describe } from 'vitest'
import { diceContract } from '../testing/dice-contract.ts'

describe('on PostgreSQL, with two nodes', () => {
  let postgres: TestPostgres
  const opened = new AsyncDisposableStack()
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(async () => {
    await opened.disposeAsync()
    await postgres[Symbol.asyncDispose]()
  })
  diceContract(async () => {
    const options = { databaseUrl: await postgres.createDatabase(), dataDir: ':memory:' }
    const stores = [await openStore(options), await openStore(options)] as const
    for (const store of stores) opened.use(store)
    return stores
  })
})
