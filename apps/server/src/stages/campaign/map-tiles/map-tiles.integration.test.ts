import { describe } from 'vitest'
import { tileContract } from '../../../testing/tile-contract.ts'

describe('maps on SQLite', () => tileContract(() => Promise.resolve({})))
