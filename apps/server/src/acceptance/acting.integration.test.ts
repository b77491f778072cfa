import { openStore } from '@tablecast/store'
import { describe } from 'vitest'
import { actingContract } from '../testing/acting-contract.ts'

describe('a server on SQLite', () => actingContract(() => openStore({ dataDir: ':memory:' })))
