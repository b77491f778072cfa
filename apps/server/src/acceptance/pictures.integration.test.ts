import { describe } from 'vitest'
import { pictureContract } from '../testing/picture-contract.ts'

describe('the rights to pictures on SQLite', () => pictureContract(() => Promise.resolve({})))
