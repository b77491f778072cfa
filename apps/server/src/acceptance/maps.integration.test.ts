import { describe } from 'vitest'
import { mapContract } from '../testing/map-contract.ts'

describe('the rights to maps on SQLite', () => mapContract(() => Promise.resolve({})))
