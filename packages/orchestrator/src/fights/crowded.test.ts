import { openStore } from '@tablecast/store'
import { describe, it } from 'vitest'
import { crowdedFight } from '../testing/crowded-fight.ts'

describe('two DMs and four players at once', () => {
  it('carry out a thousand operations with repeats: the sum is right, and nobody meets a conflict', async () => {
    await using store = await openStore({ dataDir: ':memory:' })
    await crowdedFight([store], 20_260_101)
  })
})
