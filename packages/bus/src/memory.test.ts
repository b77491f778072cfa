import { describe } from 'vitest'
import { busContract } from './bus-contract.ts'
import { MemoryBus } from './memory.ts'

describe('in memory', () => {
  busContract(() => {
    const bus = new MemoryBus()
    return Promise.resolve({
      connect: () => Promise.resolve(bus),
      [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
    })
  })
})
