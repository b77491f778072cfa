// A room whose players have sheets, for tests.
import { emptySheet, type Sheet } from '@tablecast/bestiary'
import type { SheetOperation } from '@tablecast/contracts'
import type { Store } from '@tablecast/store'
import type { RoomCaller } from '../index.ts'
import { pat } from './fight-room.ts'
import { openPictureRoom } from './picture-room.ts'
import { requestBy, roomId } from './room.ts'

/** Of Mira: two spell slots that come back with a long rest, and a surge that comes back with a short one. */
export const mirasSheet: Sheet = {
  ...emptySheet,
  heading: 'Fighter CANARY',
  level: 5,
  initiative: 3,
  skills: { stealth: 6 },
  attacks: [{ name: 'Longsword', toHit: 6, damage: '1d8+3 slashing' }],
  resources: [
    { key: 'slots-1', name: 'Spell slots, level 1', most: 2, back: 'long' },
    { key: 'surge', name: 'Action Surge', most: 1, back: 'short' },
    { key: 'luck', name: 'Luck', most: 3, back: 'never' },
  ],
}

/** Pat plays Mira, Pia plays Tobin. */
export async function openSheetRoom(store: Store) {
  const room = await openPictureRoom(store)
  const { orchestrator, campaignId } = room
  const act = (operation: SheetOperation, caller: RoomCaller = pat) =>
    orchestrator.sheets.operate({ ...requestBy(caller), campaignId, operation })
  return {
    ...room,
    act,
    save: (sheet: Sheet, was: string | null, caller: RoomCaller = pat) =>
      act({ type: 'save', characterId: 'mira', was, sheet }, caller),
    spend: (key: string, count: number, caller: RoomCaller = pat) =>
      orchestrator.fights.operate({
        ...requestBy(caller),
        campaignId,
        operation: { type: 'use', id: 'mira', key, count },
      }),
    read: (id: string, user: { id: string; role: 'dm' | 'player' }) =>
      orchestrator.sheets.get({ roomId, campaignId, id, caller: user }),
    mira: async () => (await room.state()).characters.find(({ id }) => id === 'mira'),
    left: async () => {
      const { characters } = await room.state()
      return Object.fromEntries(
        (characters.find(({ id }) => id === 'mira')?.uses ?? []).map((use) => [use.key, use.left]),
      )
    },
  }
}
