// A room with a picture for maps and an active campaign, for tests.
import { type CampaignState, emptyState, type MapOperation, type MapPoint } from '@tablecast/contracts'
import { writeWalls } from '@tablecast/maps/import'
import type { Store } from '@tablecast/store'
import type { RoomCaller } from '../index.ts'
import { aCharacter, dee } from './fight-room.ts'
import { openPictureRoom } from './picture-room.ts'
import { requestBy, roomId } from './room.ts'

/** Pat plays Mira and Pia plays Tobin. The goblin waits, seen by nobody; the guard is seen by all. */
const heroes: CampaignState = {
  ...emptyState,
  characters: [
    aCharacter('mira', { name: 'Mira', ownerId: 'pat' }),
    aCharacter('tobin', { name: 'Tobin', ownerId: 'pia' }),
    aCharacter('goblin', { name: 'Goblin', kind: 'monster', visible: false }),
    aCharacter('guard', { name: 'Guard', kind: 'npc' }),
  ],
}

/** A picture of 1,280 × 1,024 pixels that was uploaded for a map. Its file brought these walls, and one door. */
const cellarWalls = [
  { a: { x: 640, y: 0 }, b: { x: 640, y: 448 } },
  { a: { x: 640, y: 576 }, b: { x: 640, y: 1_024 } },
]
const cellarDoor = { id: 'd1', a: { x: 640, y: 448 }, b: { x: 640, y: 576 }, isOpen: false }

export type MapRoom = Awaited<ReturnType<typeof openMapRoom>>

/** `campaignId`: of a room that is open already, on the same database. */
export async function openMapRoom(
  store: Store,
  { state = heroes, campaignId: known }: { state?: CampaignState; campaignId?: string } = {},
) {
  const room = await openPictureRoom(store, { state, ...(known && { campaignId: known }) })
  if (!known)
    await store.write(async ({ pictures, maps }) => {
      await pictures.insert(roomId, {
        id: 'cellar',
        hash: 'cellar'.padEnd(64, '0'),
        width: 1_280,
        height: 1_024,
        thumbhash: 'AAAA',
        bytes: 9,
        uploadedBy: 'dee',
        createdAt: '2026-01-01T20:00:00.000Z',
        unusedSince: null,
        tileLevels: 3,
      })
      const grid = { kind: 'square' as const, size: 64, offset: { x: 0, y: 0 }, scale: 5, unit: 'ft' }
      const text = writeWalls({ grid, isDaylight: true, walls: cellarWalls, doors: [cellarDoor], lights: [] })
      await maps.saveWalls(roomId, 'cellar', text)
    })
  const { orchestrator, campaignId } = room
  const operate = (operation: MapOperation, caller: RoomCaller = dee) =>
    orchestrator.maps.operate({ ...requestBy(caller), campaignId, operation })
  const made = async (operation: MapOperation, caller: RoomCaller = dee): Promise<string> =>
    (await operate(operation, caller)).madeIds[0] ?? ''
  return {
    ...room,
    operate,
    made,
    /** An empty map. */
    plain: (title = 'Plain', side = 1_024) => made({ type: 'addMap', title, picture: { width: side, height: side } }),
    /** The map with walls. Its sight is on. */
    cellar: () => made({ type: 'addMap', title: 'Cellar', picture: { id: 'cellar' } }),
    show: (id: string | null) => operate({ type: 'showMap', id }),
    reveal: (mapId: string, from: MapPoint, to: MapPoint, reveals = true) =>
      operate({ type: 'changeFog', mapId, stroke: { kind: 'rectangle', from, to }, reveals }),
    token: (mapId: string, characterId: string | null, { x, y }: MapPoint, visible = true) =>
      made({
        type: 'addTokens',
        mapId,
        tokens: [{ characterId, name: 'Chest', x, y, size: 1, visible, darkvision: 0 }],
      }),
    move: (id: string, way: MapPoint[], caller: RoomCaller = dee) => operate({ type: 'moveToken', id, way }, caller),
    fog: (mapId: string) => orchestrator.maps.fog({ roomId, campaignId, mapId }),
  }
}
