import { temporaryFolder } from '@tablecast/testing'
import { describe } from 'vitest'
import { backedUpContract, largeRowContract } from './backed-up-contract.ts'

async function sqlite() {
  const folder = await temporaryFolder()
  return { options: { dataDir: folder.path }, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
}

describe('pictures in files', () => {
  backedUpContract(sqlite, sqlite)
  largeRowContract(sqlite, sqlite)
})
