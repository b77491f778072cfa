// Rows for tests. Processes that a test starts load this file, so it imports no library of the tests.
import { emptyState, type NarrativeEntry } from '@tablecast/contracts'
import type { CampaignRow } from '../campaigns.ts'
import type { Store } from '../store.ts'

export const at = '2026-01-01T00:00:00.000Z'

export const entryOf = (id: string, audience: NarrativeEntry['audience'] = 'all'): NarrativeEntry => ({
  id,
  at,
  kind: 'narration',
  author: { id: 'u', name: 'U', role: 'dm' },
  text: id,
  rolls: [],
  audience,
  withdrawn: false,
})

export const campaignOf = (id: string, roomId: string): CampaignRow => ({
  id,
  roomId,
  name: id,
  archived: false,
  state: emptyState,
  version: 0,
  undoHead: null,
  redoHead: null,
  createdAt: at,
  updatedAt: at,
})

/** Makes a room with a campaign. The answer is the campaign's id. */
export async function withRoom(store: Store, id: string): Promise<string> {
  const campaignId = `${id}-c`
  await store.write(async (tables) => {
    await tables.rooms.insert({ id, name: 'Room', activeCampaignId: null, createdAt: at })
    await tables.campaigns.insert(campaignOf(campaignId, id))
  })
  return campaignId
}
