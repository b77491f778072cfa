import { openStore } from '@tablecast/store'
import { startPostgres } from '@tablecast/testing'
import { describe, it } from 'vitest'
import { writeInTurn } from './testing/mixed-versions.ts'

describe('a later version of the server on the same PostgreSQL', () => {
  it('writes in turn with this one, and nothing of either is lost', async () => {
    await using postgres = await startPostgres()
    const options = { databaseUrl: await postgres.createDatabase(), dataDir: ':memory:' }
    await using store = await openStore(options)
    // With a store of its own, as another node: what this one knows of a campaign is not the other one's.
    await using other = await openStore(options)
    await writeInTurn(store, (id, change) =>
      other.write(async ({ rooms, campaigns }) => {
        await rooms.lock('r')
        const row = await campaigns.get(id)
        if (!row) throw new Error('the campaign is gone')
        await campaigns.save({ ...row, state: change(row.state), version: row.version + 1 })
      }),
    )
  })
})
