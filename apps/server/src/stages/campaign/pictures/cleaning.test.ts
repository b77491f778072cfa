import { temporaryFolder } from '@tablecast/testing'
import { describe } from 'vitest'
import { cleaningContract } from '../../../testing/cleaning-contract.ts'

describe('the cleaning of pictures on SQLite', () =>
  cleaningContract(async () => {
    const folder = await temporaryFolder()
    return { options: { dataDir: folder.path }, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
  }))
