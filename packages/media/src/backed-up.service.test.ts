import { startPostgres, temporaryFolder } from '@tablecast/testing'
import { afterAll, beforeAll, describe } from 'vitest'
import { backedUpContract } from './backed-up-contract.ts'

let cluster: Awaited<ReturnType<typeof startPostgres>>
beforeAll(async () => {
  cluster = await startPostgres()
})
afterAll(() => cluster[Symbol.asyncDispose]())

async function sqlite() {
  const folder = await temporaryFolder()
  return { options: { dataDir: folder.path }, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
}

async function postgres() {
  const options = { databaseUrl: await cluster.createDatabase(), dataDir: '/nowhere' }
  return { options, [Symbol.asyncDispose]: () => Promise.resolve() }
}

describe('pictures in tables', () => {
  backedUpContract(postgres, postgres)
})

describe('pictures that move from files into tables', () => {
  backedUpContract(sqlite, postgres)
})

describe('pictures that move from tables into files', () => {
  backedUpContract(postgres, sqlite)
})
