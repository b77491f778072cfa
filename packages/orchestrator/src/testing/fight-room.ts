// A room with a campaign in which a fight can begin, for tests.
import { type CampaignState, type Character, emptyState } from '@tablecast/contracts'
import type { Operation } from '@tablecast/rules'
import type { Store } from '@tablecast/store'
import { type RoomCaller, trustedCaller } from '../index.ts'
import { openRoom, requestBy, roomId } from './room.ts'

export const dee = trustedCaller({ id: 'dee', name: 'Dee', role: 'dm' })
export const dan = trustedCaller({ id: 'dan', name: 'Dan', role: 'dm' })
export const pat = trustedCaller({ id: 'pat', name: 'Pat', role: 'player' })
export const pia = trustedCaller({ id: 'pia', name: 'Pia', role: 'player' })

export const aCharacter = (id: string, fields: Partial<Character> = {}): Character => ({
  id,
  name: id,
  kind: 'pc',
  hp: { current: 20, max: 20, temp: 0 },
  hpVisible: true,
  armourClass: 12,
  conditions: [],
  initiative: null,
  ownerId: null,
  visible: true,
  dmNotes: '',
  ...fields,
})

/** Pat plays Mira and Pia plays Tobin. The goblin waits, seen by nobody. */
export const heroesAndGoblin: CampaignState = {
  ...emptyState,
  characters: [
    aCharacter('mira', { name: 'Mira', ownerId: 'pat', initiativeBonus: 3 }),
    aCharacter('tobin', { name: 'Tobin', ownerId: 'pia' }),
    aCharacter('goblin', { name: 'Goblin', kind: 'monster', hpVisible: false, visible: false }),
  ],
}

export type FightRoom = Awaited<ReturnType<typeof openFightRoom>>

/** `draw`: every die shows its half, unless the test throws others. `campaignId`: an active campaign, in place of a new one. */
export async function openFightRoom(
  store: Store,
  {
    state = heroesAndGoblin,
    draw = (sides: number) => Math.ceil(sides / 2),
    campaignId: known,
  }: { state?: CampaignState; draw?: (sides: number) => number; campaignId?: string } = {},
) {
  const { orchestrator, events } = await openRoom(store, { draw })
  const request = (caller: RoomCaller = dee) => requestBy(caller)
  const campaignId = known ?? (await orchestrator.library.create({ ...request(), name: 'C', state })).id
  if (!known) await orchestrator.activateCampaign({ ...request(), campaignId })
  return {
    orchestrator,
    campaignId,
    events,
    request,
    operate: (operation: Operation, caller: RoomCaller = dee) =>
      orchestrator.fights.operate({ ...request(caller), campaignId, operation }),
    undo: (choice: { force?: boolean } = {}) => orchestrator.undo({ ...request(), campaignId, ...choice }),
    redo: (choice: { force?: boolean } = {}) => orchestrator.redo({ ...request(), campaignId, ...choice }),
    state: async () => (await orchestrator.library.get(roomId, campaignId)).state,
    entries: async () => (await orchestrator.library.get(roomId, campaignId)).entries,
    hp: async (id: string) =>
      (await orchestrator.library.get(roomId, campaignId)).state.characters.find((one) => one.id === id)?.hp.current,
    /** All that players received, as text. */
    playersBytes: () =>
      events
        .filter(({ streamId }) => streamId === 'room:r:player')
        .map(({ text }) => text)
        .join('\n'),
  }
}

/** Complete, as the schema makes it of a short form. */
export const damage = (amount: number, ...ids: string[]): Operation => ({
  type: 'damage',
  targets: ids.map((id) => ({ id, take: 'all' })),
  amount,
  critical: false,
})
