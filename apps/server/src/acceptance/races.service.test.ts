import { openStore } from '@tablecast/store'
import { startPostgres, type TestPostgres } from '@tablecast/testing'
import { afterAll, beforeAll, describe } from 'vitest'
import { dmRaceContract } from '../testing/dm-race-contract.ts'
import { raceContract } from '../testing/race-contract.ts'

describe('a server on PostgreSQL', () => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres[Symbol.asyncDispose]())

  const open = async () => openStore({ databaseUrl: await postgres.createDatabase(), dataDir: ':memory:' })
  raceContract(open)
  dmRaceContract(open)
})
