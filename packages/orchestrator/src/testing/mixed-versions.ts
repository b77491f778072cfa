// A node of this version and one of a later version write to a campaign in turn.
import type { CampaignState } from '@tablecast/contracts'
import type { Store } from '@tablecast/store'
import { expect } from 'vitest'
import { aCharacter, damage, heroesAndGoblin, openFightRoom } from './fight-room.ts'

const withFields = <T extends object>(value: T, unknown: object): T => ({ ...value, ...unknown })

/** Fields that this version does not know, at every depth. */
const newer = (state: CampaignState): CampaignState => {
  const characters = state.characters.map((one, index) =>
    withFields(
      {
        ...one,
        hp: withFields(one.hp, { shield: 7 }),
        ...(one.portrait && { portrait: withFields(one.portrait, { frame: 'oak' }) }),
      },
      { luck: index },
    ),
  )
  const turn = withFields(state.turn, { half: 'lower' })
  const handouts = (state.handouts ?? []).map((one) => withFields(one, { pinned: true }))
  const pictures = (state.pictures ?? []).map((one) => withFields(one, { artist: 'Ada' }))
  const scenePicture = state.scenePicture && withFields(state.scenePicture, { pan: 2 })
  const maps = (state.maps ?? []).map((one) => withFields(one, { music: 'waves' }))
  const tokens = (state.tokens ?? []).map((one) => withFields(one, { ring: 'gold' }))
  return withFields(
    { ...state, turn, characters, handouts, pictures, scenePicture, maps, tokens },
    { weather: { now: 'rain' } },
  )
}

const name = 'n'.repeat(22)
const pictured: CampaignState = {
  ...heroesAndGoblin,
  characters: heroesAndGoblin.characters.map((one) =>
    one.id === 'tobin' ? { ...one, portrait: { pictureId: 'ferry', crop: { x: 0.5, y: 0.5, zoom: 1 }, name } } : one,
  ),
  maps: [
    {
      id: 'quay',
      title: 'Quay',
      pictureId: null,
      name,
      width: 512,
      height: 512,
      grid: { kind: 'square', size: 64, offset: { x: 0, y: 0 }, scale: 5, unit: 'ft' },
      sight: { isOn: false, isDaylight: true, farthest: 100 },
      isLocked: false,
      fog: { version: 0, change: null },
      openDoors: [],
      inSight: null,
    },
  ],
  shownMap: { mapId: 'quay' },
  tokens: [
    {
      id: 'of-mira',
      mapId: 'quay',
      characterId: 'mira',
      name: 'Mira',
      x: 32,
      y: 32,
      size: 1,
      visible: true,
      isLocked: false,
      darkvision: 0,
      inFog: false,
    },
  ],
  pictures: [{ id: 'ferry', name, width: 640, height: 480, thumbhash: '' }],
  scenePicture: { pictureId: 'ferry', alt: 'A ferry', focus: { x: 0, y: 0 }, dimming: 0, name },
  handouts: [
    {
      id: 'letter',
      title: 'Letter',
      text: '',
      pictureId: 'ferry',
      alt: '',
      shownTo: 'everyone',
      members: [],
      name,
    },
  ],
}

/**
 * `write`: stores a state as a node of a later version does, past this node's store, with the next version of the campaign and a time
 * of its own.
 */
export async function writeInTurn(
  store: Store,
  write: (campaignId: string, change: (state: CampaignState) => CampaignState) => Promise<void>,
): Promise<void> {
  const room = await openFightRoom(store, { state: pictured })
  const luckOf = (state: CampaignState) => state.characters.map((one) => ('luck' in one ? one.luck : null))
  await room.operate(damage(1, 'mira'))
  await write(room.campaignId, newer)

  const first = await room.state()
  const ofPictures = {
    handouts: [{ pinned: true }],
    pictures: [{ artist: 'Ada' }],
    scenePicture: { pan: 2 },
  }
  expect(first).toMatchObject({ weather: { now: 'rain' }, turn: { half: 'lower' }, ...ofPictures })
  await room.operate(damage(2, 'mira'))
  const hurt = newer({
    ...first,
    characters: first.characters.map((one) =>
      one.id === 'mira' ? { ...one, hp: { ...one.hp, current: one.hp.current - 2 } } : one,
    ),
  })
  expect(await room.state()).toEqual(hurt)

  // The later version goes on in between, and this one meets that.
  await write(room.campaignId, (state) => ({
    ...state,
    scene: 'Theirs',
    characters: [...state.characters, withFields(aCharacter('new'), { luck: 9 })],
  }))
  await room.operate(damage(3, 'new'))
  const both = await room.state()
  expect(both).toMatchObject({ scene: 'Theirs', weather: { now: 'rain' }, turn: { half: 'lower' } })
  expect(luckOf(both)).toEqual([0, 1, 2, 9])
  // An operation on pictures keeps them too, and gives no name that was there before.
  await room.orchestrator.pictures.operate({
    ...room.request(),
    campaignId: room.campaignId,
    operation: { type: 'show', id: 'letter', to: 'nobody' },
  })
  expect(await room.state()).toMatchObject({ ...ofPictures, characters: [{}, { portrait: { frame: 'oak' } }, {}, {}] })
  await room.undo()
  expect(await room.state()).toMatchObject({ handouts: [{ pinned: true, shownTo: 'everyone' }] })
  const { orchestrator, campaignId } = room
  const ofMaps = { maps: [{ music: 'waves' }], tokens: [{ ring: 'gold' }] }
  for (const operation of [
    { type: 'moveToken' as const, id: 'of-mira', way: [{ x: 96, y: 96 }] },
    { type: 'changeFog' as const, mapId: 'quay', stroke: { kind: 'all' as const }, reveals: true },
  ])
    await orchestrator.maps.operate({ ...room.request(), campaignId, operation })
  expect(await room.state()).toMatchObject({ ...ofMaps, tokens: [{ x: 96 }], tiles: [{ id: '0-0-0' }] })
  await room.undo()
  await room.undo()
  expect(await room.state()).toMatchObject({ ...ofMaps, tokens: [{ x: 32 }], tiles: [] })
  expect(both.characters.map(({ hp }) => hp.current)).toEqual([17, 20, 20, 17])
  await room.undo()
  expect(await room.hp('new')).toBe(20)
  expect(luckOf(await room.state())).toEqual([0, 1, 2, 9])
}
