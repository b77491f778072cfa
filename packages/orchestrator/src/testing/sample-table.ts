// A room with the sample campaign, a DM and a player.
import type { CampaignState } from '@tablecast/contracts'
import { openStore, type Store } from '@tablecast/store'
import { sampleCampaign, trustedCaller } from '../index.ts'
import { newKey, openRoom, roomId } from './room.ts'

export const dm = trustedCaller({ id: 'dm', name: 'Dee', role: 'dm' })
export const player = trustedCaller({ id: 'pl', name: 'Pat', role: 'player' })

/** `store`: that of an earlier table, as after a restart. */
export async function openTable(store?: Store) {
  const opened = store ?? (await openStore({ dataDir: ':memory:' }))
  const { orchestrator, events } = await openRoom(opened)
  const begin = async (change: (state: CampaignState) => CampaignState = (state) => state) => {
    const sample = sampleCampaign(new Date())
    const { id } = await orchestrator.library.create({
      roomId,
      caller: dm,
      input: null,
      key: newKey(),
      ...sample,
      state: change(sample.state),
    })
    await orchestrator.activateCampaign({ roomId, caller: dm, input: null, key: newKey(), campaignId: id })
    return id
  }
  const say = (message: string, caller = dm) =>
    orchestrator.processChatMessage({ roomId, caller, input: null, key: newKey(), message })
  const stateOf = async (campaignId: string) => (await orchestrator.library.get(roomId, campaignId)).state
  const streamOf = (audience: string) => events.filter(({ streamId }) => streamId === `room:r:${audience}`)
  return {
    store: opened,
    orchestrator,
    events,
    begin,
    say,
    stateOf,
    streamOf,
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  }
}
