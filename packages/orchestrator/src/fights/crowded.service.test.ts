import { openStore } from '@tablecast/store'
import { startPostgres } from '@tablecast/testing'
import { describe, it } from 'vitest'
import { crowdedFight } from '../testing/crowded-fight.ts'

describe('two DMs and four players on two nodes', () => {
  it('carry out a thousand operations on PostgreSQL: the sum is right, and nobody meets a conflict', async () => {
    await using postgres = await startPostgres()
    const databaseUrl = await postgres.createDatabase()
    await using first = await openStore({ databaseUrl, dataDir: ':memory:' })
    await using second = await openStore({ databaseUrl, dataDir: ':memory:' })
    await crowdedFight([first, second], 20_260_102)
  }, 240_000)
})
