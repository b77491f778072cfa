import { describe } from 'vitest'
import { operationContract } from '../testing/operation-contract.ts'

describe('the rights to operations on SQLite', () => operationContract(() => Promise.resolve({})))
