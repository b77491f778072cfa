import { openStore } from '@tablecast/store'
import { startPostgres, temporaryFolder } from '@tablecast/testing'
import { afterAll, beforeAll, describe } from 'vitest'
import { backedUpContract, largeRowContract } from './backed-up-contract.ts'

let cluster: Awaited<ReturnType<typeof startPostgres>>
/** An empty database with the schema, which takes longer to make than to copy. */
let empty: string
beforeAll(async () => {
  cluster = await startPostgres()
  empty = await cluster.createDatabase()
  await using _store = await openStore({ databaseUrl: empty, dataDir: '/nowhere' })
})
afterAll(() => cluster[Symbol.asyncDispose]())

async function sqlite() {
  const folder = await temporaryFolder()
  return { options: { dataDir: folder.path }, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
}

async function postgres() {
  const options = { databaseUrl: await cluster.createDatabase(empty), dataDir: '/nowhere' }
  return { options, [Symbol.asyncDispose]: () => Promise.resolve() }
}

describe('pictures in tables', () => {
  backedUpContract(postgres, postgres)
  largeRowContract(postgres, postgres)
})

describe('pictures that move from files into tables', () => {
  backedUpContract(sqlite, postgres)
})

describe('pictures that move from tables into files', () => {
  backedUpContract(postgres, sqlite)
})
