import { openStore } from '@tablecast/store'
import { startPostgres } from '@tablecast/testing'
import { afterAll, beforeAll, describe } from 'vitest'
import { mediaStoreContract } from './media-store-contract.ts'
import { openMediaStore } from './open-media-store.ts'

let postgres: Awaited<ReturnType<typeof startPostgres>>

beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres[Symbol.asyncDispose]())

describe('pictures in the tables of PostgreSQL', () => {
  mediaStoreContract(async () => {
    await using opened = new AsyncDisposableStack()
    const databaseUrl = await postgres.createDatabase()
    const options = { databaseUrl, dataDir: '/nowhere' }
    const [one, other] = [opened.use(await openStore(options)), opened.use(await openStore(options))]
    const owned = opened.move()
    return {
      store: openMediaStore(one, options),
      other: openMediaStore(other, options),
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    }
  })
})
