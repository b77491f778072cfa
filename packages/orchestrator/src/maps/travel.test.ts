import { gzipSync } from 'node:zlib'
import { CampaignDocument, NO_NAME, playerView } from '@tablecast/contracts'
import { openMigrated, openStore, type Store } from '@tablecast/store'
import { temporaryFolder } from '@tablecast/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dee } from '../testing/fight-room.ts'
import { openMapRoom, type MapRoom } from '../testing/map-room.ts'
import { codeOf, requestBy, roomId } from '../testing/room.ts'

let store: Store
let room: MapRoom
let map: string
beforeEach(async () => {
  store = await openStore({ dataDir: ':memory:' })
  room = await openMapRoom(store)
  map = await room.cellar()
  await room.show(map)
  await room.token(map, 'mira', { x: 96, y: 96 })
  await room.token(map, 'guard', { x: 1_000, y: 512 })
  await room.reveal(map, { x: 900, y: 400 }, { x: 1_100, y: 600 })
})
afterEach(() => store[Symbol.asyncDispose]())

const exported = async (campaignId = room.campaignId) =>
  (await room.orchestrator.library.export({ roomId, campaignId, format: 'json' })).text
const stateOf = async (campaignId: string) => (await room.orchestrator.library.get(roomId, campaignId)).state
const revealedIn = async (campaignId: string) =>
  (await room.orchestrator.maps.fog({ roomId, campaignId, mapId: map })).revealed

/** All names of a state's maps and tiles. */
const namesOf = async (campaignId: string) => {
  const { maps, tiles } = await stateOf(campaignId)
  return [...(maps ?? []), ...(tiles ?? [])].map(({ name }) => name)
}

/** The same maps, tokens and fog, and no name of the other. */
async function expectCopy(campaignId: string): Promise<void> {
  const [one, other] = [await stateOf(room.campaignId), await stateOf(campaignId)]
  expect(await revealedIn(campaignId)).toBe(await revealedIn(room.campaignId))
  expect(other.tokens).toEqual(one.tokens)
  expect(other.tiles?.map(({ id }) => id).toSorted()).toEqual(one.tiles?.map(({ id }) => id).toSorted())
  expect(other.maps?.[0]).toMatchObject({ id: map, title: 'Cellar', inSight: one.maps?.[0]?.inSight })
  const known = new Set(await namesOf(room.campaignId))
  expect((await namesOf(campaignId)).filter((name) => known.has(name) || name === NO_NAME)).toEqual([])
}

describe('a backup', () => {
  it('brings maps back with their fog, and an undo of it works there', async () => {
    await using folder = await temporaryFolder()
    await using other = await temporaryFolder()
    const pieces: string[] = []
    let campaignId = ''
    let before = { revealed: '', bare: '' }
    {
      await using first = await openStore({ dataDir: folder.path })
      const made = await openMapRoom(first)
      campaignId = made.campaignId
      map = await made.plain()
      await made.show(map)
      const bare = (await made.fog(map)).revealed
      await made.reveal(map, { x: 0, y: 0 }, { x: 300, y: 300 })
      await made.reveal(map, { x: 0, y: 0 }, { x: 600, y: 600 })
      await made.undo()
      before = { revealed: (await made.fog(map)).revealed, bare }
    }
    {
      await using maintenance = await openMigrated({ dataDir: folder.path })
      expect((await maintenance.invariants()).flatMap(({ broken }) => broken)).toEqual([])
      await maintenance.backUp(async (_header, text) => {
        for await (const piece of text) pieces.push(piece)
      })
    }
    {
      await using maintenance = await openMigrated({ dataDir: other.path })
      await maintenance.restore(ReadableStream.from([gzipSync(pieces.join(''))]), { replace: false })
      expect((await maintenance.invariants()).flatMap(({ broken }) => broken)).toEqual([])
    }
    await using second = await openStore({ dataDir: other.path })
    const there = await openMapRoom(second, { campaignId })
    expect((await there.fog(map)).revealed).toBe(before.revealed)
    await there.undo()
    expect((await there.fog(map)).revealed).toBe(before.bare)
    await there.redo()
    await there.redo()
    expect((await there.state()).tiles?.map(({ id }) => id)).toEqual(['0-0-0', '1-0-0', '0-1-0', '0-0-1', '0-1-1'])
  })
})

describe('a campaign with maps', () => {
  it('travels as JSON with its fog, and without a name or a key', async () => {
    const text = await exported()
    for (const name of await namesOf(room.campaignId)) expect(text).not.toContain(name)
    const key = await store.read(async ({ maps }) => (await maps.fog(room.campaignId, map))?.key)
    expect(text).not.toContain(key)
    const document = CampaignDocument.parse(JSON.parse(text))
    expect(document.fogs).toHaveLength(1)
    const { id } = await room.orchestrator.library.importCampaign({ ...requestBy(dee), document })
    await expectCopy(id)
    expect(CampaignDocument.parse(JSON.parse(await exported(id))).fogs).toEqual(document.fogs)
  })

  it('has a copy with names of its own, whose fog changes alone', async () => {
    const request = { ...requestBy(dee), campaignId: room.campaignId, name: 'Copy', withStory: true }
    const { id } = await room.orchestrator.library.duplicate(request)
    await expectCopy(id)
    await room.operate({ type: 'changeFog', mapId: map, stroke: { kind: 'all' }, reveals: true })
    expect(await revealedIn(id)).not.toBe(await revealedIn(room.campaignId))
  })

  it('is refused with a damaged fog, and chooses no name, tile or hidden token', async () => {
    const document = CampaignDocument.parse(JSON.parse(await exported()))
    const import_ = (forged: CampaignDocument) =>
      room.orchestrator.library.importCampaign({ ...requestBy(dee), document: forged })
    expect(await codeOf(import_({ ...document, fogs: [{ mapId: map, revealed: 'AAAA' }] }))).toBe('VALIDATION_FAILED')
    const chosen = 'chosen'.padEnd(22, '0')
    const { maps, tokens } = document.state
    const { id } = await import_({
      ...document,
      fogs: [],
      state: {
        ...document.state,
        maps: maps?.map((one) => ({ ...one, name: chosen, fog: { version: 99, change: 'AAAA' } })),
        tokens: tokens?.map((one) => ({ ...one, inFog: false })),
        tiles: [{ id: '0-1-1', name: chosen }],
      },
    })
    const state = await stateOf(id)
    expect(JSON.stringify(state)).not.toContain(chosen)
    expect(state.tokens?.map(({ inFog }) => inFog)).toEqual([false, true])
    expect(state.tiles?.map((tile) => tile.id)).not.toContain('0-2-0')
    expect(playerView(state).tokens.map(({ characterId }) => characterId)).toEqual(['mira'])
    const empty = await import_({ ...document, state: { ...document.state, maps: [], shownMap: null } })
    expect(await stateOf(empty.id)).toMatchObject({ maps: [], tokens: [], areas: [], tiles: [] })
  })

  it('has new names of all tiles after a removal and when it opens, and the fog stays', async () => {
    const before = await namesOf(room.campaignId)
    const fog = await revealedIn(room.campaignId)
    const change = await store.write(async (tables) => {
      const locked = await tables.rooms.lock(roomId)
      if (!locked) throw new Error('the room is gone')
      const role = { userId: 'pat', was: 'player' as const, role: null, left: false }
      return room.orchestrator.pictures.rolesChanged(
        { tables, room: locked, actor: { id: 'dee', name: 'Dee', role: 'dm' }, at: new Date().toISOString() },
        1,
        [role],
      )
    })
    change()
    const after = await namesOf(room.campaignId)
    expect([after.length, after.filter((name) => before.includes(name))]).toEqual([before.length, []])
    expect(await revealedIn(room.campaignId)).toBe(fog)
    await room.orchestrator.deactivateCampaign(requestBy(dee))
    await room.orchestrator.activateCampaign({ ...requestBy(dee), campaignId: room.campaignId })
    const opened = await namesOf(room.campaignId)
    expect([opened.length, opened.filter((name) => [...before, ...after].includes(name))]).toEqual([after.length, []])
    expect(await revealedIn(room.campaignId)).toBe(fog)
  })
})
