// The room `main` of guest mode: there from the first start, with a campaign in mid-play.
import { type Orchestrator, sampleCampaign } from '@tablecast/orchestrator'
import type { Store } from '@tablecast/store'
import { newCode } from './invite-code.ts'

export const SAMPLE_ROOM = 'main'

const actor = { id: 'system', name: 'Tablecast', role: 'system' } as const

export async function ensureSampleRoom(store: Store, orchestrator: Orchestrator): Promise<void> {
  const now = new Date()
  const isMade = await store.read(async ({ rooms }) => {
    const room = await rooms.get(SAMPLE_ROOM)
    return room !== null && (await rooms.invites(SAMPLE_ROOM)).some(({ role }) => role === 'player')
  })
  if (isMade) return
  const roomId = SAMPLE_ROOM
  await store.write(async ({ rooms }) => {
    if (await rooms.get(roomId)) return
    await rooms.insert({ id: roomId, name: 'The sample table', activeCampaignId: null, createdAt: now.toISOString() })
  })
  // A start that was cut short goes on with the same keys; the invites come last and tell that all is done.
  const campaign = await orchestrator.createCampaign({ roomId, actor, key: 'sample-create', ...sampleCampaign(now) })
  await orchestrator.activateCampaign({ roomId, actor, key: 'sample-activate', campaignId: campaign.id })
  await store.write(async ({ rooms }) => {
    for (const role of ['owner', 'dm', 'player', 'spectator'] as const)
      await rooms.putInvite(roomId, { role, code: newCode() })
  })
}
