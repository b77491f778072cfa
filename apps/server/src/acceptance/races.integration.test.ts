import { openStore } from '@tablecast/store'
import { describe } from 'vitest'
import { dmRaceContract } from '../testing/dm-race-contract.ts'
import { raceContract } from '../testing/race-contract.ts'

describe('a server on SQLite', () => {
  raceContract(() => openStore({ dataDir: ':memory:' }))
  dmRaceContract(() => openStore({ dataDir: ':memory:' }))
})
