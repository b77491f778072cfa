import type { CampaignState } from '@tablecast/contracts'
import { openStore } from '@tablecast/store'
import { temporaryFolder } from '@tablecast/testing'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { writeInTurn } from './testing/mixed-versions.ts'

describe('a later version of the server on the same SQLite file', () => {
  it('writes in turn with this one, and nothing of either is lost', async () => {
    await using folder = await temporaryFolder()
    await using store = await openStore({ dataDir: folder.path })
    const database = new DatabaseSync(join(folder.path, 'tablecast.sqlite'))
    let at = 0
    await writeInTurn(store, async (id, change) => {
      await Promise.resolve()
      const row = database.prepare('select state from campaigns where id = ?').get(id)
      const state = JSON.stringify(change(JSON.parse(String(row?.['state'])) as CampaignState))
      database
        .prepare('update campaigns set state = ?, version = version + 1, updated_at = ? where id = ?')
        .run(state, `later ${++at}`, id)
    })
    database.close()
  })
})
