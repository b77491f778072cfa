import { describe } from 'vitest'
import { uploadContract } from '../../../testing/upload-contract.ts'

describe('pictures on SQLite', () => uploadContract(() => Promise.resolve({})))
