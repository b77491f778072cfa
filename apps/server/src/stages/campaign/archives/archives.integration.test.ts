import { describe } from 'vitest'
import { archiveContract } from '../../../testing/archive-contract.ts'

describe('archives on SQLite', () => archiveContract(() => Promise.resolve({})))
