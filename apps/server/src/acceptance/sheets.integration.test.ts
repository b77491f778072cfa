import { describe } from 'vitest'
import { sheetContract } from '../testing/sheet-contract.ts'

describe('the rights to sheets on SQLite', () => sheetContract(() => Promise.resolve({})))
