import { openStore } from '@tablecast/store'
import { describe } from 'vitest'
import { raceContract } from '../testing/race-contract.ts'

describe('a server on SQLite', () => raceContract(() => openStore({ dataDir: ':memory:' })))
