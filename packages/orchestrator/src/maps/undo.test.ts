import type { Operation } from '@tablecast/rules'
import { openStore, type Store } from '@tablecast/store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { damage, dee, pat } from '../testing/fight-room.ts'
import { openMapRoom, type MapRoom } from '../testing/map-room.ts'
import { foldedView } from '../testing/picture-room.ts'
import { requestBy } from '../testing/room.ts'

let store: Store
let room: MapRoom
beforeEach(async () => {
  store = await openStore({ dataDir: ':memory:' })
  room = await openMapRoom(store)
})
afterEach(() => store[Symbol.asyncDispose]())

const tiles = async () => (await room.state()).tiles
const revealed = async (id: string) => (await room.fog(id)).revealed

describe('an undo', () => {
  it('takes back reveals and hides, and a redo makes them again', async () => {
    const id = await room.plain()
    await room.show(id)
    const steps: [string, unknown][] = [[await revealed(id), await tiles()]]
    for (const [to, reveals] of [
      [400, true],
      [200, false],
      [900, true],
    ] as const) {
      await room.reveal(id, { x: 0, y: 0 }, { x: to, y: to }, reveals)
      steps.push([await revealed(id), await tiles()])
    }
    expect(new Set(steps.map(([bits]) => bits)).size).toBe(4)
    for (const [bits, names] of steps.slice(0, 3).toReversed()) {
      const { message } = await room.undo()
      expect(message).toMatch(/a part of the map “Plain” (?:revealed to|hidden from) players/)
      expect([await revealed(id), new Set(await tiles())]).toEqual([bits, new Set(names as [])])
    }
    for (const [bits, names] of steps.slice(1)) {
      await room.redo()
      expect([await revealed(id), new Set(await tiles())]).toEqual([bits, new Set(names as [])])
    }
    expect(foldedView(room)?.tiles).toEqual(await tiles())
  })

  it('of a hide reveals all of it again, also the blocks that a player explored since', async () => {
    const id = await room.cellar()
    await room.operate({ type: 'editMap', id, sight: { isOn: true, isDaylight: true, farthest: 25 } })
    await room.show(id)
    const token = await room.token(id, 'mira', { x: 96, y: 96 })
    const all = { type: 'changeFog' as const, mapId: id, stroke: { kind: 'all' as const } }
    await room.operate({ ...all, reveals: true })
    const before = await revealed(id)
    await room.operate({ ...all, reveals: false })
    const hidden = await revealed(id)
    await room.move(token, [{ x: 96, y: 300 }], pat)
    await room.move(token, [{ x: 96, y: 96 }], pat)
    const explored = await revealed(id)
    expect(new Set([before, hidden, explored]).size).toBe(3)
    await room.undo()
    expect(await revealed(id)).toBe(before)
    await room.redo()
    expect(await revealed(id)).toBe(explored)
  })

  it('says in words which step it took back', async () => {
    const id = await room.plain()
    await room.show(id)
    const token = await room.token(id, 'mira', { x: 32, y: 32 })
    await room.move(token, [{ x: 96, y: 96 }])
    await room.operate({ type: 'editToken', id: token, visible: false })
    await room.operate({ type: 'editMap', id, isLocked: true })
    await room.reveal(id, { x: 0, y: 0 }, { x: 64, y: 64 })
    const shape = { kind: 'cone' as const, tip: { x: 10, y: 10 }, direction: 0, length: 30 }
    await room.operate({ type: 'placeArea', mapId: id, shape, visible: true })
    await room.operate({ type: 'removeMap', id })
    const said: string[] = []
    for (let steps = 0; steps < 9; steps++) said.push((await room.undo()).message)
    expect(said).toEqual([
      expect.stringContaining('the map “Plain” removed; the token of Mira removed; an area (cone) removed'),
      expect.stringContaining('an area (cone) added'),
      expect.stringContaining('a part of the map “Plain” revealed to players'),
      expect.stringContaining('the map “Plain” locked for players'),
      expect.stringContaining('the token of Mira hidden from players'),
      expect.stringContaining('the token of Mira moved'),
      expect.stringContaining('the token of Mira added'),
      expect.stringContaining('the map “Plain” shown to players'),
      expect.stringContaining('the map “Plain” added'),
    ])
  })

  it('brings a removed map back, with its fog, tokens and areas', async () => {
    const id = await room.plain()
    await room.show(id)
    await room.reveal(id, { x: 0, y: 0 }, { x: 300, y: 300 })
    await room.token(id, 'mira', { x: 100, y: 100 })
    const shape = { kind: 'circle' as const, centre: { x: 10, y: 10 }, radius: 30 }
    await room.operate({ type: 'placeArea', mapId: id, shape, visible: true })
    const [before, bits] = [await room.state(), await revealed(id)]
    await room.operate({ type: 'removeMap', id })
    expect(await room.state()).toMatchObject({ maps: [], shownMap: null, tokens: [], areas: [], tiles: [] })
    expect(foldedView(room)).toMatchObject({ map: null, tokens: [], areas: [], tiles: [] })
    await room.undo()
    const { maps, ...after } = await room.state()
    expect(after).toMatchObject({
      tokens: before.tokens,
      areas: before.areas,
      tiles: before.tiles,
      shownMap: before.shownMap,
    })
    expect(maps?.[0]).toMatchObject({ id, fog: { version: 1, change: null } })
    expect(maps?.[0]?.name).not.toBe(before.maps?.[0]?.name)
    expect(await revealed(id)).toBe(bits)
    await room.redo()
    expect((await room.state()).maps).toEqual([])
    await room.undo()
    expect(await revealed(id)).toBe(bits)
  })

  it('brings the token of a removed character back, also of one that a fight removed', async () => {
    const id = await room.plain()
    await room.show(id)
    await room.token(id, 'goblin', { x: 100, y: 100 })
    const { tokens } = await room.state()
    await room.edit({ characters: { remove: ['goblin'] } })
    expect((await room.state()).tokens).toEqual([])
    await room.undo()
    expect((await room.state()).tokens).toEqual(tokens)
    const { campaignId, orchestrator } = room
    const fight = (operation: Operation) => orchestrator.fights.operate({ ...requestBy(dee), campaignId, operation })
    await fight({ type: 'startEncounter', name: 'F', fighters: [], joining: ['goblin'], surprised: [], roll: 'nobody' })
    await fight({ type: 'endEncounter', removeFoes: 'all' })
    expect((await room.state()).tokens).toEqual([])
    await room.undo()
    expect((await room.state()).tokens).toEqual(tokens)
    await room.redo()
    expect((await room.state()).tokens).toEqual([])
    await room.undo()
    await fight(damage(1, 'goblin'))
    await room.undo()
    expect((await room.state()).tokens).toEqual(tokens)
  })

  it('is of a step that was sent twice with one key as of one step', async () => {
    const id = await room.plain()
    const { campaignId, orchestrator } = room
    const operation = {
      type: 'changeFog' as const,
      mapId: id,
      stroke: { kind: 'all' as const },
      reveals: true,
    }
    const request = { ...requestBy(dee), campaignId, operation }
    const first = await orchestrator.maps.operate(request)
    expect(await orchestrator.maps.operate(request)).toEqual(first)
    expect(await room.fog(id)).toMatchObject({ version: 1 })
    // A stroke that changes nothing is no step.
    expect((await orchestrator.maps.operate({ ...requestBy(dee), campaignId, operation })).version).toBe(first.version)
  })
})

describe('the journal', () => {
  it('holds no name, and nothing that follows from fog', async () => {
    const id = await room.cellar()
    await room.show(id)
    await room.token(id, 'mira', { x: 96, y: 96 })
    await room.reveal(id, { x: 0, y: 0 }, { x: 400, y: 400 })
    await room.operate({ type: 'removeMap', id })
    await room.undo()
    const rows = await store.read(({ journal }) => journal.since(room.campaignId, 0, 500))
    const text = JSON.stringify(rows.map(({ patch, inverse }) => ({ patch, inverse })))
    const names = room.events.flatMap((event) => event.text.match(/(?<="name":")[A-Za-z0-9_-]{22}(?=")/g) ?? [])
    expect(names.length).toBeGreaterThan(4)
    for (const name of names) expect(text).not.toContain(name)
    expect(text).not.toMatch(/"tiles":|"inFog":false|"inSight":"/)
  })
})
