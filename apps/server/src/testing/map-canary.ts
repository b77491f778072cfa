// Secret colours, tokens, walls, doors and lights under the fog of a map, looked for in every byte that others receive: as tests of each kind
// of installation.
import { type GameMap, type MapOperation, type MapTile } from '@tablecast/contracts'
import { changed, type Fog, hiddenFog, readChange } from '@tablecast/maps/fog'
import { boundsOfTile, FOG_COLOUR, maskPixels, TileMasks } from '@tablecast/maps/tiles'
import { blockColours, mapFile, pixelsOf, pngOf } from '@tablecast/media/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aHero } from './a-hero.ts'
import { idOf, loadTile, placesOf, sendMap } from './map-pictures.ts'
import { MapEars } from './map-ears.ts'
import { newName } from './pictures.ts'
import { newKey, type openTestbed, type TestUser, until } from './testbed.ts'

type Testbed = Awaited<ReturnType<typeof openTestbed>>

/** `restored`: opens a server on a new database, with what a backup of the first one holds. */
export type CanaryPlace = AsyncDisposable & { nodes: readonly Testbed[]; restored(): Promise<Testbed> }

const roomId = 'main'
/** Three levels, and as few tiles as these can have. */
const SIZE = { width: 1_040, height: 512 }
/** Of a room behind walls that nobody reveals: whole blocks inside its walls have this colour. */
const SECRET = [255, 0, 255] as const
const SECRET_ROOM = { left: 512, top: 208, right: 784, bottom: 480 }
/** Corners in cells of 50 pixels. */
const WALLS = [
  { x: 10.1, y: 4.02 },
  { x: 15.9, y: 4.02 },
  { x: 15.9, y: 9.84 },
  { x: 10.1, y: 9.84 },
  { x: 10.1, y: 7 },
]
const DOOR = [
  { x: 10.1, y: 7 },
  { x: 10.1, y: 4.02 },
]
const LIGHT = { x: 12.34, y: 6.78 }
const mira = { ...aHero, id: 'mira', name: 'Mira' }
/** The questions that members without the rights of a DM may ask. */
const forMembers = [
  'campaign.since',
  'campaign.history',
  'campaign.whispersSince',
  'presence.since',
  'maps.gesturesSince',
]
const answersTo: Record<string, readonly string[]> = {
  pia: forMembers,
  spectator: forMembers,
  stranger: [],
  anonymous: [],
}
/** Words and places that players must never get, as they stand in JSON. */
const SECRETS = [/CANARY/, /"x":505\b/, /505,201/, /"x":617\b/, /617,339/, /"d1"/, /"x":643\b/, /"x":557\b/]

export function mapCanary(open: () => Promise<CanaryPlace>): void {
  const opened = new AsyncDisposableStack()
  const ears = new Map<string, MapEars>()
  /** Names of tiles that players ever had, and names and pictures that only DMs have. */
  const players = new Map<string, MapTile & { mapId: string; campaignId: string }>()
  const dmsNames = new Set<string>()
  const whole = new Map<string, Buffer>()
  let nodes: readonly Testbed[] = []
  let turn = 0
  let dm: TestUser
  let pia: TestUser
  let campaignId = ''
  let mapId = ''
  let compared = 0

  /** The next node in turn: each step of the DM comes from another one than the step before. */
  const next = (): Testbed => {
    const node = nodes[turn++ % nodes.length]
    if (!node) throw new Error('there is a node')
    return node
  }
  const as = (user: TestUser, node = next()) => node.withToken(user.session.token).http
  const act = (operation: MapOperation, user = dm) =>
    as(user).maps.operate.mutate({ roomId, campaignId, key: newKey(), operation })
  const rectangle = (left: number, top: number, right: number, bottom: number, reveals: boolean) => {
    const stroke = { kind: 'rectangle' as const, from: { x: left, y: top }, to: { x: right, y: bottom } }
    return act({ type: 'changeFog', mapId, stroke, reveals })
  }
  const undo = () => as(dm).campaign.undo.mutate({ roomId, campaignId, key: newKey() })
  const redo = () => as(dm).campaign.redo.mutate({ roomId, campaignId, key: newKey() })
  const shown = async (): Promise<GameMap> => {
    const { state } = await as(dm).campaign.get.query({ roomId, campaignId })
    for (const { name, pictureId } of state.maps ?? [])
      for (const one of [name, pictureId]) if (one !== null) dmsNames.add(one)
    const map = state.maps?.find(({ id }) => id === mapId)
    if (!map) throw new Error('the map is gone')
    return map
  }
  const fogNow = async (): Promise<Fog> => {
    const { revealed } = await as(dm).maps.fog.query({ roomId, campaignId, mapId })
    return changed(hiddenFog(SIZE), readChange(revealed, hiddenFog(SIZE)))
  }
  /** The view of a player who connects now. */
  const viewAt = async (node: Testbed) => {
    const { events } = await as(pia, node).campaign.since.query({ roomId, cursor: null })
    const [first] = events
    if (first?.type !== 'campaign_active' || first.audience !== 'player') throw new Error('no campaign is open')
    return first.snapshot.view
  }

  /** Loads all tiles under all names that players ever had, from each node, and asks for everything else as everybody. */
  async function look(): Promise<void> {
    const [map, fog] = [await shown(), await fogNow()]
    for (const node of nodes) {
      const { tiles } = await viewAt(node)
      expect(tiles.map(({ id }) => id).toSorted()).toEqual(visibleTiles(fog).toSorted())
      for (const tile of tiles) {
        players.set(`${tile.id} ${tile.name}`, { ...tile, mapId, campaignId })
        const { status, body } = await loadTile(node.url, campaignId, mapId, tile)
        expect(status).toBe(200)
        const pixels = (await pixelsOf(body)).data
        expect(leaked(pixels)).toBe(0)
        expect(pixels.equals(masked(await wholeTile(node, map, tile.id), tile.id, fog))).toBe(true)
        compared += 1
      }
      const present = new Set(tiles.map(({ id, name }) => `${id} ${name}`))
      for (const [key, old] of players) {
        if (present.has(key)) continue
        const { status, body } = await loadTile(node.url, old.campaignId, old.mapId, old)
        expect([200, 404]).toContain(status)
        if (status === 404) continue
        // It was replaced a moment ago, and no pixel of it is hidden now.
        expect([old.campaignId, old.mapId]).toEqual([campaignId, mapId])
        const pixels = (await pixelsOf(body)).data
        expect(leaked(pixels)).toBe(0)
        expect(pixels.equals(masked(pixels, old.id, fog))).toBe(true)
      }
      for (const [who, one] of ears) {
        const answered = await one.ask(node.url, { campaignId, mapId })
        expect(answered).toEqual(answersTo[who])
      }
    }
  }

  async function wholeTile(node: Testbed, { name }: GameMap, id: string): Promise<Buffer> {
    const known = whole.get(id)
    if (known) return known
    const { body } = await loadTile(node.url, campaignId, mapId, { id, name })
    const { data } = await pixelsOf(body)
    whole.set(id, data)
    return data
  }

  /** Names of one tile at each other place, names of other maps, and names that nobody gave. */
  async function guess(): Promise<void> {
    const { maps } = (await as(dm).campaign.get.query({ roomId, campaignId })).state
    const others = (maps ?? []).filter(({ id }) => id !== mapId).map(({ name }) => name)
    expect(others.length).toBeGreaterThan(0)
    const known = [...players.values()].slice(-12)
    for (const place of placesOf(SIZE)) {
      const id = idOf(place)
      const names = known.filter((tile) => tile.id !== id).map(({ name }) => name)
      for (const name of [...others, ...names, newName()]) {
        const { status } = await loadTile(next().url, campaignId, mapId, { id, name })
        expect(status, `${id} under the name of another`).toBe(404)
      }
    }
  }

  beforeAll(async () => {
    const place = opened.use(await open())
    nodes = place.nodes
    const [first] = nodes
    if (!first) throw new Error('there is a node')
    dm = await first.join('Dee', 'owner')
    pia = await first.join('Pia', 'player')
    const people = { pia, spectator: await first.join('Sam', 'spectator'), stranger: await first.signIn('Nobody') }
    for (const [who, user] of [...Object.entries(people), ['anonymous', null] as const])
      ears.set(who, opened.use(new MapEars(user, roomId)))
    // A small one: people are asked for all of it again and again.
    campaignId = (await dm.http.campaign.create.mutate({ roomId, key: newKey(), name: 'The crypt' })).id
    await dm.http.campaign.activate.mutate({ roomId, key: newKey(), campaignId })
    for (const node of nodes) for (const one of ears.values()) one.listen(node.url)

    const file = mapFile({
      cells: { x: 20.8, y: 10.24 },
      picture: (await pngOf(painted())).toString('base64'),
      more: {
        line_of_sight: [WALLS],
        portals: [{ bounds: DOOR, closed: true }],
        lights: [{ position: LIGHT, range: 3 }],
      },
    })
    const { picture, error } = await sendMap(first.url, dm.session.token, file)
    if (!picture) throw new Error(`the map was refused: ${error?.message}`)
    const add = (title: string) => act({ type: 'addMap', title, picture: { id: picture.id } })
    await add('CANARY of a map that is not shown')
    mapId = (await add('The crypt of bones')).madeIds[0] ?? ''
    const sight = { isOn: false, isDaylight: true, farthest: 300 }
    await act({ type: 'editMap', id: mapId, sight })
    await act({ type: 'showMap', id: mapId })
    await until(() => ears.get('pia')?.texts.some((text) => text.includes('The crypt of bones')) === true)
    const thing = { characterId: null, size: 1, darkvision: 0 }
    await act({
      type: 'addTokens',
      mapId,
      tokens: [
        { ...thing, name: 'CANARY under the fog', x: 643, y: 333, visible: true },
        { ...thing, name: 'CANARY that is hidden', x: 200, y: 200, visible: false },
      ],
    })
    const circle = { kind: 'circle' as const, centre: { x: 643, y: 301 }, radius: 40 }
    await act({ type: 'placeArea', mapId, shape: circle, visible: false })
    await look()
    await rectangle(16, 16, 490, 500, true)
    await look()
    await guess()
    await rectangle(100, 100, 300, 300, false)
    await look()
    await undo()
    await look()
    await redo()
    await look()
    await act({
      type: 'changeFog',
      mapId,
      stroke: {
        kind: 'brush',
        points: [
          { x: 880, y: 80 },
          { x: 1_000, y: 420 },
        ],
        radius: 60,
      },
      reveals: true,
    })
    await look()
    await undo()
    await look()
    await guess()

    // The party walks by the closed door.
    await edit({ characters: { upsert: [{ ...mira, ownerId: pia.session.userId }] } })
    const placed = { characterId: mira.id, name: 'Mira', size: 1, visible: true, darkvision: 0, x: 400, y: 350 }
    const { madeIds } = await act({ type: 'addTokens', mapId, tokens: [placed] })
    const [token = ''] = madeIds
    await act({ type: 'editMap', id: mapId, sight: { ...sight, isOn: true } })
    await look()
    await act({ type: 'moveToken', id: token, way: [{ x: 450, y: 260 }] }, pia)
    await look()
    for (const way of [
      [{ x: 600, y: 350 }],
      [
        { x: 450, y: 100 },
        { x: 643, y: 333 },
      ],
    ])
      await expect(act({ type: 'moveToken', id: token, way }, pia)).rejects.toThrow('see a way there')
    await look()
    await undo()
    await look()
    await redo()

    // Gestures of the DM that nobody is shown, and one that everybody is shown.
    const gesture = { roomId, mapId, shows: false }
    const at = { x: 557, y: 311 }
    await as(dm).maps.gesture.mutate({ ...gesture, gesture: { kind: 'pointer', at } })
    await as(dm).maps.gesture.mutate({ ...gesture, shows: true, gesture: { kind: 'ping', at } })
    await as(dm).maps.gesture.mutate({ ...gesture, shows: true, gesture: { kind: 'ping', at: { x: 402, y: 352 } } })
    await until(() => ears.get('pia')?.texts.some((text) => text.includes('"x":402')) === true)
    await look()

    // Somebody is removed: every name is new, and no old one leads anywhere.
    const kit = await first.join('Kit', 'player')
    const before = await viewAt(first)
    await dm.http.rooms.kick.mutate({ roomId, key: newKey(), userId: kit.session.userId })
    for (const tile of before.tiles)
      for (const node of nodes) expect((await loadTile(node.url, campaignId, mapId, tile)).status).toBe(404)
    await look()

    // The campaign travels, and opens as another one.
    const headers = { authorization: `Bearer ${dm.session.token}` }
    const exported = await fetch(`${next().url}/api/rooms/main/campaigns/${campaignId}/export.zip`, { headers })
    const imported = await fetch(`${next().url}/api/rooms/main/campaigns/import?key=${newKey()}`, {
      method: 'POST',
      headers,
      body: new Blob([await exported.arrayBuffer()]),
    })
    expect(imported.status).toBe(200)
    const text = await imported.text()
    const id = /"id":"([^"]+)"/.exec(text)?.[1] ?? ''
    await as(dm).campaign.activate.mutate({ roomId, key: newKey(), campaignId: id })
    campaignId = id
    const { state } = await as(dm).campaign.get.query({ roomId, campaignId })
    mapId = state.shownMap?.mapId ?? ''
    whole.clear()
    await look()
    await guess()

    // A server that was restored from a backup.
    const restored = opened.use(await place.restored())
    nodes = [restored]
    for (const one of ears.values()) one.listen(restored.url)
    await until(async () => (await viewAt(restored)).tiles.length > 0)
    await look()
    await act({ type: 'editMap', id: mapId, sight })
    await rectangle(16, 16, 200, 200, false)
    await look()
    await undo()
    await look()
    await guess()
  }, 600_000)
  afterAll(() => opened.disposeAsync())

  const edit = async (patch: object) => {
    const { campaign } = await as(dm).campaign.get.query({ roomId, campaignId })
    const input = { roomId, key: newKey(), campaignId, baseVersion: campaign.version, patch }
    await as(dm).campaign.edit.mutate(input)
  }

  describe('a secret under the fog', () => {
    it('is on the DM’s map, so this test would see a leak', async () => {
      const { state } = await as(dm).campaign.get.query({ roomId, campaignId })
      const walls = await as(dm).maps.walls.query({ roomId, campaignId, mapId })
      for (const secret of ['CANARY of a map', 'CANARY under the fog', 'CANARY that is hidden', '"x":643'])
        expect(JSON.stringify(state)).toContain(secret)
      for (const secret of ['"x":505', '"x":617', '"d1"']) expect(JSON.stringify(walls)).toContain(secret)
      expect(dmsNames.size).toBeGreaterThan(3)
      const seen = [...whole.values()].filter((pixels) => leaked(pixels) > 0)
      expect(seen.length).toBeGreaterThan(2)
      expect(compared).toBeGreaterThan(50)
    })

    for (const who of ['pia', 'spectator', 'stranger', 'anonymous'])
      it(`is in no text that ${who} received`, () => {
        const { texts } = ears.get(who) ?? { texts: [] }
        expect(texts.length).toBeGreaterThan(50)
        for (const secret of SECRETS) expect(texts.filter((text) => secret.test(text))).toEqual([])
        for (const name of dmsNames) expect(texts.filter((text) => text.includes(name))).toEqual([])
      })

    it('stays away from a player and a spectator who saw the rest of the map arrive', () => {
      for (const who of ['pia', 'spectator']) {
        const text = ears.get(who)?.texts.join('\n') ?? ''
        expect(text).toContain('The crypt of bones')
        expect([...players.values()].some(({ name }) => text.includes(name))).toBe(true)
      }
    })
  })
}

function painted() {
  const picture = blockColours(SIZE)
  const { left, top, right, bottom } = SECRET_ROOM
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) picture.data.set(SECRET, (y * SIZE.width + x) * 3)
  return picture
}

const visibleTiles = (fog: Fog): string[] => {
  const masks = new TileMasks(fog)
  return placesOf(SIZE).flatMap((place) => (masks.maskOf(place)?.bits.some((byte) => byte !== 0) ? [idOf(place)] : []))
}

function masked(pixels: Uint8Array, id: string, fog: Fog): Uint8Array {
  const [level = -1, column = -1, row = -1] = id.split('-').map(Number)
  const place = { level, column, row }
  const [size, mask] = [boundsOfTile(SIZE, place), new TileMasks(fog).maskOf(place)]
  if (!size || !mask) throw new Error(`the map has no tile ${id}`)
  const copy = Uint8Array.from(pixels)
  maskPixels(copy, size, mask)
  return copy
}

/** The pixels that have a part of the secret colour: all other colours of the picture have more green. */
function leaked(pixels: Uint8Array): number {
  let count = 0
  for (let at = 0; at < pixels.length; at += 3) {
    const isFog = FOG_COLOUR.every((value, channel) => pixels[at + channel] === value)
    if (!isFog && (pixels[at + 1] ?? 0) < 128) count += 1
  }
  return count
}
