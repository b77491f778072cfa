import { startPostgres } from '@tablecast/testing'
import { afterAll, beforeAll, describe } from 'vitest'
import { cleaningContract } from '../../../testing/cleaning-contract.ts'

let cluster: Awaited<ReturnType<typeof startPostgres>>
beforeAll(async () => {
  cluster = await startPostgres()
})
afterAll(() => cluster[Symbol.asyncDispose]())

describe('the cleaning of pictures on PostgreSQL', () =>
  cleaningContract(async () => {
    const options = { databaseUrl: await cluster.createDatabase(), dataDir: '/nowhere' }
    return { options, [Symbol.asyncDispose]: () => Promise.resolve() }
  }))
