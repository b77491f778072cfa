import { playerView } from '@tablecast/contracts'
import { openStore, type Store } from '@tablecast/store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openMapRoom, type MapRoom } from '../testing/map-room.ts'
import { foldedView } from '../testing/picture-room.ts'

let store: Store
let room: MapRoom
beforeEach(async () => {
  store = await openStore({ dataDir: ':memory:' })
  room = await openMapRoom(store)
})
afterEach(() => store[Symbol.asyncDispose]())

const tileIds = async () => (await room.state()).tiles?.map(({ id }) => id)

describe('a map', () => {
  it('is seen by players only while it is shown, and of it only the tiles with a revealed block', async () => {
    const id = await room.plain()
    await room.reveal(id, { x: 0, y: 0 }, { x: 64, y: 64 })
    expect(foldedView(room)).toMatchObject({ map: null, tiles: [] })
    await room.show(id)
    expect(await tileIds()).toEqual(['0-0-0', '1-0-0'])
    expect(foldedView(room)).toEqual(playerView(await room.state()))
    expect(foldedView(room)?.map).toMatchObject({ id, title: 'Plain', hasPicture: false })
    await room.reveal(id, { x: 512, y: 512 }, { x: 600, y: 600 })
    expect(await tileIds()).toEqual(['0-0-0', '1-0-0', '0-1-1'])
    await room.show(null)
    expect(foldedView(room)).toMatchObject({ map: null, tiles: [], tokens: [] })
  })

  it('sends players the tiles alone that a reveal has changed', async () => {
    const id = await room.plain()
    await room.show(id)
    await room.operate({ type: 'changeFog', mapId: id, stroke: { kind: 'all' }, reveals: true })
    const sent = room.eventsOf('player').length
    await room.reveal(id, { x: 0, y: 0 }, { x: 64, y: 64 }, false)
    const [update] = room.eventsOf('player').slice(sent)
    const { patch } = JSON.parse(update?.text ?? '') as { patch: { tiles: { upsert: { id: string }[] } } }
    expect(patch.tiles.upsert.map((tile) => tile.id).toSorted()).toEqual(['0-0-0', '1-0-0'])
    expect(Object.keys(patch)).toEqual(['tiles'])
    expect(foldedView(room)).toEqual(playerView(await room.state()))
  })

  it('gives a tile its name again when the same pixels are visible again', async () => {
    const id = await room.plain()
    await room.show(id)
    await room.reveal(id, { x: 0, y: 0 }, { x: 64, y: 64 })
    const before = (await room.state()).tiles
    await room.reveal(id, { x: 64, y: 0 }, { x: 128, y: 64 })
    expect((await room.state()).tiles).not.toEqual(before)
    await room.reveal(id, { x: 64, y: 0 }, { x: 128, y: 64 }, false)
    expect((await room.state()).tiles).toEqual(before)
  })

  it('hides tokens in fog from players, and not the characters of the party', async () => {
    const id = await room.plain()
    await room.show(id)
    await room.token(id, 'mira', { x: 32, y: 32 })
    await room.token(id, 'guard', { x: 500, y: 500 })
    await room.token(id, null, { x: 800, y: 800 })
    const seen = () => foldedView(room)?.tokens.map(({ characterId, name }) => characterId ?? name)
    expect(seen()).toEqual(['mira'])
    await room.reveal(id, { x: 480, y: 480 }, { x: 1_024, y: 1_024 })
    expect(seen()).toEqual(['mira', 'guard', 'Chest'])
  })
})
