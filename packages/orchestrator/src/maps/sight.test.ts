import type { MapPoint } from '@tablecast/contracts'
import { openStore, type Store } from '@tablecast/store'
import { changed, type Fog, hiddenFog, isRevealed, readChange, strokeOf } from '@tablecast/maps/fog'
import { barriersOf, isWayOpen, seenBy } from '@tablecast/maps/sight'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pat, pia } from '../testing/fight-room.ts'
import { openMapRoom, type MapRoom } from '../testing/map-room.ts'
import { foldedView } from '../testing/picture-room.ts'
import { codeOf } from '../testing/room.ts'

let store: Store
let room: MapRoom
let map: string
let mira: string
beforeEach(async () => {
  store = await openStore({ dataDir: ':memory:' })
  room = await openMapRoom(store)
  map = await room.cellar()
  await room.show(map)
  mira = await room.token(map, 'mira', { x: 96, y: 96 })
})
afterEach(() => store[Symbol.asyncDispose]())

const size = { width: 1_280, height: 1_024 }
const fogOf = (text: string | null | undefined): Fog =>
  text ? changed(hiddenFog(size), readChange(text, hiddenFog(size))) : hiddenFog(size)
const at = (fog: Fog, x: number, y: number) => isRevealed(fog, Math.floor(x / 16), Math.floor(y / 16))
const revealed = async () => fogOf((await room.fog(map)).revealed)
const setDoor = (isOpen: boolean) => room.operate({ type: 'setDoor', mapId: map, doorId: 'd1', isOpen })
const seen = () => foldedView(room)?.tokens.map(({ characterId, name }) => characterId ?? name)

describe('sight', () => {
  it('reveals what the party sees, up to walls and closed doors, and an open door shows more', async () => {
    const before = await revealed()
    expect([at(before, 600, 600), at(before, 700, 500)]).toEqual([true, false])
    await room.token(map, 'guard', { x: 1_000, y: 512 })
    expect(seen()).toEqual(['mira'])
    await room.move(mira, [{ x: 320, y: 512 }])
    expect(at(await revealed(), 700, 512)).toBe(false)
    await setDoor(true)
    expect(at(await revealed(), 1_000, 512)).toBe(true)
    expect(seen()).toEqual(['mira', 'guard'])
    await setDoor(false)
    // Explored parts stay revealed, and tokens there are hidden again.
    expect(at(await revealed(), 1_000, 512)).toBe(true)
    expect(at(fogOf(foldedView(room)?.map?.inSight), 1_000, 512)).toBe(false)
    expect(seen()).toEqual(['mira'])
  })

  it('is one step with the move, which an undo takes back whole', async () => {
    await setDoor(true)
    const before = (await room.fog(map)).revealed
    await room.move(mira, [{ x: 320, y: 512 }])
    expect((await room.fog(map)).revealed).not.toBe(before)
    await room.undo()
    expect((await room.fog(map)).revealed).toBe(before)
    expect((await room.state()).tokens?.[0]).toMatchObject({ x: 96, y: 96 })
  })

  it('is that of visible player characters: one that joins sees for the party', async () => {
    await room.token(map, 'tobin', { x: 1_200, y: 96 }, false)
    expect(at(await revealed(), 1_100, 96)).toBe(false)
    const [, tobin] = (await room.state()).tokens ?? []
    await room.operate({ type: 'editToken', id: tobin?.id ?? '', visible: true })
    expect(at(await revealed(), 1_100, 96)).toBe(true)
    await room.token(map, 'guard', { x: 1_000, y: 512 })
    expect(seen()).toEqual(['mira', 'tobin', 'guard'])
    await room.edit({ characters: { upsert: [{ id: 'tobin', visible: false }] } })
    expect(seen()).toEqual(['mira'])
    await room.edit({ characters: { upsert: [{ id: 'tobin', visible: true }] } })
    expect(seen()).toEqual(['mira', 'tobin', 'guard'])
  })

  it('refuses a player’s way through a wall, a closed door or fog with one answer, and changes nothing', async () => {
    const before = await room.state()
    const sent = room.events.length
    const refusals = new Set<string>()
    for (const way of [
      [{ x: 700, y: 96 }],
      [{ x: 700, y: 512 }],
      [
        { x: 320, y: 512 },
        { x: 900, y: 512 },
      ],
      [{ x: -50, y: 96 }],
      [{ x: 4_000, y: 4_000 }],
    ])
      refusals.add(await room.move(mira, way, pat).then(String, String))
    expect([...refusals]).toEqual(['TablecastError: You can’t see a way there.'])
    expect(await room.state()).toEqual(before)
    expect(room.events.length).toBe(sent)
    await room.move(mira, [{ x: 320, y: 512 }], pat)
    await setDoor(true)
    await room.move(mira, [{ x: 900, y: 512 }], pat)
    expect((await room.state()).tokens?.[0]).toMatchObject({ x: 900, y: 512 })
  })

  it('off lets a player go anywhere, and reveals nothing', async () => {
    await room.operate({ type: 'editMap', id: map, sight: { isOn: false, isDaylight: true, farthest: 300 } })
    const before = (await room.fog(map)).revealed
    await room.move(mira, [{ x: 1_000, y: 96 }], pat)
    expect((await room.fog(map)).revealed).toBe(before)
    expect(foldedView(room)?.map).toMatchObject({ isSightOn: false, inSight: null })
  })
})

/** Numbers that look random, the same in each run. */
function seeded(seed: number): (below: number) => number {
  let random = seed
  return (below) => {
    random = (random * 48_271) % 2_147_483_647
    return random % below
  }
}

describe('a hostile player', () => {
  it('learns nothing by random moves that no legal way leads to', async () => {
    const next = seeded(7)
    const point = (): MapPoint => ({ x: next(2_560) - 640, y: next(2_048) - 512 })
    let moved = 0
    for (let tries = 0; tries < 150; tries++) {
      const way = Array.from({ length: 1 + next(3) }, point)
      if ((await codeOf(room.move(mira, way, pat))) === 'OK') moved += 1
    }
    expect(moved).toBeGreaterThan(3)
    // Everything on this side of the closed door, and nothing behind it.
    expect(hiddenIn(await revealed(), 0, 640)).toBe(0)
    expect(revealedIn(await revealed(), 656, size.width)).toBe(0)
  })

  it('leaves no chamber by 10,000 random ways', () => {
    const wall = (ax: number, ay: number, bx: number, by: number) => ({ a: { x: ax, y: ay }, b: { x: bx, y: by } })
    // Four chambers of odd shapes; a closed door in each wall between two of them.
    const walls = [wall(640, 0, 600, 400), wall(600, 480, 640, 1_024), wall(0, 512, 250, 500), wall(330, 500, 605, 512)]
    const doors = [
      { ...wall(600, 400, 600, 480), isOpen: false },
      { ...wall(250, 500, 330, 500), isOpen: false },
    ]
    const around = {
      size,
      walls: [...walls, wall(605, 512, 615, 512), wall(300, 120, 320, 380)],
      doors,
      lights: [],
      isDaylight: true,
      farthest: 3_000,
    }
    const barriers = barriersOf(around)
    const next = seeded(11)
    let place: MapPoint = { x: 96, y: 96 }
    let sight = seenBy([{ at: place, darkvision: 0 }], around)
    const start = sight
    let explored = sight
    let moved = 0
    for (let tries = 0; tries < 10_000; tries++) {
      const way = Array.from({ length: 1 + next(2) }, () => ({ x: next(1_400) - 60, y: next(1_100) - 30 }))
      if (!isWayOpen([place, ...way], sight, barriers)) continue
      moved += 1
      place = way.at(-1) ?? place
      sight = seenBy([{ at: place, darkvision: 0 }], around)
      explored = union(explored, sight)
    }
    expect(moved).toBeGreaterThan(100)
    expect(place.y).toBeLessThan(512)
    for (let y = 528; y < size.height; y += 16)
      for (let x = 0; x < size.width; x += 16) expect([x, y, at(explored, x, y)]).toEqual([x, y, false])
    expect(revealedIn(explored, 656, size.width)).toBe(0)
    expect(strokeOf(start, explored, true)).not.toBeNull()
  })
})

const union = (one: Fog, other: Fog): Fog => changed(one, strokeOf(one, other, true) ?? [])

/** Blocks of some columns of pixels. */
function revealedIn(fog: Fog, left: number, right: number): number {
  let count = 0
  for (let y = 0; y < size.height; y += 16) for (let x = left; x < right; x += 16) count += Number(at(fog, x, y))
  return count
}
const hiddenIn = (fog: Fog, left: number, right: number): number =>
  (Math.ceil(size.height / 16) * (right - left)) / 16 - revealedIn(fog, left, right)

describe('moves of players', () => {
  it('are of their own tokens alone, which no DM has locked, on the map that is shown', async () => {
    const tobin = await room.token(map, 'tobin', { x: 96, y: 200 })
    const goblin = await room.token(map, 'goblin', { x: 96, y: 300 })
    const [here] = [[{ x: 96, y: 120 }]]
    const refusalOf = (id: string) => room.move(id, here, pat).then(String, String)
    const notYours = await refusalOf(tobin)
    expect(notYours).toBe('TablecastError: This is not your token. The DM can move it.')
    // A hidden one is answered like one that there is not.
    expect([await refusalOf(goblin), await refusalOf('none')]).toEqual([notYours, notYours])
    expect(await codeOf(room.move(tobin, here, pia))).toBe('OK')
    await room.operate({ type: 'editToken', id: mira, isLocked: true })
    expect(await refusalOf(mira)).toBe('TablecastError: The DM has locked it. Ask the DM to move it.')
    await room.operate({ type: 'editToken', id: mira, isLocked: false })
    await room.operate({ type: 'editMap', id: map, isLocked: true })
    expect(await refusalOf(mira)).toBe('TablecastError: The DM has locked it. Ask the DM to move it.')
    await room.operate({ type: 'editMap', id: map, isLocked: false })
    await room.operate({ type: 'editToken', id: mira, visible: false })
    expect(await refusalOf(mira)).toBe(notYours)
    await room.operate({ type: 'editToken', id: mira, visible: true })
    await room.show(await room.plain())
    expect(await refusalOf(mira)).toBe(notYours)
    await room.show(map)
    expect(await codeOf(room.move(mira, here, pat))).toBe('OK')
  })

  it('take no areas from the others: a player has ten at most, and removes their own alone', async () => {
    const shape = { kind: 'circle' as const, centre: { x: 10, y: 10 }, radius: 30 }
    const place = () => room.operate({ type: 'placeArea', mapId: map, shape, visible: false }, pat)
    const [first = ''] = (await place()).madeIds
    // A player hides no area from others.
    expect(foldedView(room)?.areas).toEqual([{ id: first, shape, ownerId: 'pat' }])
    for (let count = 1; count < 10; count++) await place()
    expect(await codeOf(place())).toBe('VALIDATION_FAILED')
    expect(await codeOf(room.operate({ type: 'removeArea', id: first }, pia))).toBe('FORBIDDEN')
    expect(await codeOf(room.operate({ type: 'removeArea', id: first }, pat))).toBe('OK')
  })
})
