import { openStore } from '@tablecast/store'
import { startPostgres, type TestPostgres } from '@tablecast/testing'
import { afterAll, beforeAll, describe } from 'vitest'
import { archiveContract } from '../../../testing/archive-contract.ts'

const opened = new AsyncDisposableStack()
let postgres: TestPostgres

beforeAll(async () => {
  postgres = opened.use(await startPostgres())
})
afterAll(() => opened.disposeAsync())

describe('archives on PostgreSQL', () =>
  archiveContract(async () => {
    const store = await openStore({ databaseUrl: await postgres.createDatabase(), dataDir: ':memory:' })
    return { store, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() }
  }))
