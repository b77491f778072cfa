// Maps with secrets under their fog.
import { writeWalls } from '@tablecast/maps/import'
import { putPicture } from '../room-pictures.ts'
import { type CanaryTable, roomId } from './table.ts'

/** A map with walls, a door, lights and tokens under fog, with sight on and off, and one that is never shown. */
export async function mapOut(table: CanaryTable): Promise<void> {
  const { testbed, dm, ids, state, say, operateMaps } = table
  const line = { a: { x: 4_321, y: 0 }, b: { x: 4_321, y: 5_432 } }
  const walls = writeWalls({
    grid: { kind: 'square', size: 64, offset: { x: 0, y: 0 }, scale: 5, unit: 'ft' },
    isDaylight: true,
    walls: [line, { a: { x: 640, y: 0 }, b: { x: 640, y: 1_024 } }],
    doors: [{ id: 'd4321', ...line, isOpen: true }],
    lights: [{ at: { x: 4_321, y: 100 }, reach: 5_432 }],
  })
  await putPicture(testbed.store, roomId, 'canary-map', dm.session.userId, 1_024, 3)
  await testbed.store.write(({ maps }) => maps.saveWalls(roomId, 'canary-map', walls))
  const picture = { id: 'canary-map' }
  ids.hiddenMap = await operateMaps({ type: 'addMap', title: 'CANARY of a hidden map', picture })
  ids.shownMap = await operateMaps({ type: 'addMap', title: 'A mill', picture })
  const token = { x: 900, y: 400, size: 1, visible: true, darkvision: 0 }
  const hero = (await state()).characters.find(({ kind, visible }) => kind === 'pc' && visible)?.id ?? ''
  for (const mapId of [ids.hiddenMap, ids.shownMap]) {
    await operateMaps({ type: 'addTokens', mapId, tokens: [{ ...token, characterId: null, name: 'CANARY in fog' }] })
    const hidden = { ...token, x: 32, y: 32, visible: false, darkvision: 4_321 }
    await operateMaps({ type: 'addTokens', mapId, tokens: [{ ...hidden, characterId: 'hidden', name: '' }] })
    const shape = { kind: 'circle' as const, centre: { x: 4_321, y: 0 }, radius: 9 }
    await operateMaps({ type: 'placeArea', mapId, shape, visible: false })
  }
  await operateMaps({ type: 'showMap', id: ids.shownMap })
  const stroke = { kind: 'rectangle' as const, from: { x: 0, y: 0 }, to: { x: 320, y: 320 } }
  await operateMaps({ type: 'changeFog', mapId: ids.shownMap, stroke, reveals: true })
  await operateMaps({ type: 'setDoor', mapId: ids.shownMap, doorId: 'd4321', isOpen: false })
  const placed = { ...token, x: 96, y: 96, characterId: hero, name: '' }
  const own = await operateMaps({ type: 'addTokens', mapId: ids.shownMap, tokens: [placed] })
  await operateMaps({ type: 'moveToken', id: own, way: [{ x: 160, y: 96 }] })
  await say('/undo')
  await say('/redo')
  await operateMaps({
    type: 'editMap',
    id: ids.shownMap,
    sight: { isOn: false, isDaylight: true, farthest: 300 },
  })
  await operateMaps({ type: 'changeFog', mapId: ids.shownMap, stroke, reveals: false })
}
