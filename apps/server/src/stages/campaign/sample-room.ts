// The first start creates the room `main` for guest mode, with a campaign in mid-play.
import { type Orchestrator, sampleCampaign, trustedCaller } from '@tablecast/orchestrator'
import type { MediaStore } from '@tablecast/media'
import type { Store } from '@tablecast/store'
import { newCode } from '../../rooms/invite-code.ts'
import { SAMPLE_ROOM } from '../../rooms/sample-room.ts'

const caller = trustedCaller({ id: 'system', name: 'Tablecast', role: 'system' })

export async function ensureSampleRoom(store: Store, media: MediaStore, orchestrator: Orchestrator): Promise<void> {
  const now = new Date()
  const isComplete = await store.read(async ({ rooms }) => {
    const room = await rooms.get(SAMPLE_ROOM)
    return room !== null && (await rooms.invites(SAMPLE_ROOM)).some(({ role }) => role === 'player')
  })
  if (isComplete) return
  const roomId = SAMPLE_ROOM
  await store.write(async ({ locks, rooms }) => {
    // Several nodes may start at the same time.
    await locks.hold('sample-room')
    if (await rooms.get(roomId)) return
    await rooms.insert({ id: roomId, name: 'The sample table', activeCampaignId: null, createdAt: now.toISOString() })
  })
  // The next start resumes an interrupted one, with the same keys. The invites come last: they mark the room as complete.
  const request = { roomId, caller, input: null }
  const { withSamplePictures } = await import('./sample-pictures.ts')
  const { withSampleMap } = await import('./sample-map.ts')
  const [deps, room, sample] = [{ store, media }, { roomId, at: now.toISOString() }, sampleCampaign(now)]
  const state = await withSamplePictures(deps, { ...room, state: sample.state })
  const withMap = await withSampleMap(deps, { ...room, state })
  const campaign = await orchestrator.library.create({ ...request, key: 'sample-create', ...sample, ...withMap })
  await orchestrator.activateCampaign({ ...request, key: 'sample-activate', campaignId: campaign.id })
  await store.write(async ({ rooms }) => {
    await rooms.lock(roomId)
    if ((await rooms.invites(roomId)).some(({ role }) => role === 'player')) return
    for (const role of ['owner', 'dm', 'player', 'spectator'] as const)
      await rooms.putInvite(roomId, { role, code: newCode() })
  })
}
