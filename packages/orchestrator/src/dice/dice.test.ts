import { openStore } from '@tablecast/store'
import { describe } from 'vitest'
import { diceContract } from '../testing/dice-contract.ts'

describe('on SQLite', () => diceContract(async () => [await openStore({ dataDir: ':memory:' })]))
