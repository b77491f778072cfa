// Pictures of maps, and what players get of them over HTTP, as tests that both databases run.
import { randomBytes } from 'node:crypto'
import type { GameMap, MapTile } from '@tablecast/contracts'
import { FOG_COLOUR } from '@tablecast/maps/tiles'
import { mapFile, noise, type Pixels, pixelsOf, pngOf, samplePicture } from '@tablecast/media/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ServerOptions } from '../server.ts'
import { addMap, type Blocks, changeFog, idOf, loadTile, placesOf, renewKey, sendMap, showMap } from './map-pictures.ts'
import { scrape } from './exposition.ts'
import { newName } from './pictures.ts'
import { openTestbed, type TestUser } from './testbed.ts'

type Testbed = Awaited<ReturnType<typeof openTestbed>>

const SIZE = { width: 1_300, height: 700 }
/** Hidden parts have this colour alone, and revealed ones never: no mix of the two is one of the colours that may be seen. */
const SECRET = [255, 0, 255] as const
const SHOWN = [0, 160, 0] as const

export function tileContract(given: () => Promise<ServerOptions>): void {
  let testbed: Testbed
  let campaignId = ''
  const users = new Map<string, TestUser>()
  const tokenOf = (who: string) => users.get(who)?.session.token ?? null

  beforeAll(async () => {
    testbed = await openTestbed({ UPLOADS_PER_HOUR: '100000', MEDIA_MAP_MAX_BYTES: '3000000' }, await given())
    for (const role of ['owner', 'dm', 'player', 'spectator'] as const) users.set(role, await testbed.join(role, role))
    users.set('stranger', await testbed.signIn('stranger'))
    campaignId = (await testbed.store.read(({ rooms }) => rooms.get('main')))?.activeCampaignId ?? ''
  })
  afterAll(() => testbed[Symbol.asyncDispose]())

  /** A map that is shown, with a picture. */
  async function shownMap(picture: Pixels): Promise<GameMap> {
    const sent = await sendMap(testbed.url, tokenOf('dm'), await pngOf(picture))
    if (!sent.picture) throw new Error(`the picture was refused: ${sent.error?.message}`)
    const { id: pictureId, width, height } = sent.picture
    const map = await addMap(testbed.store, campaignId, { pictureId, width, height })
    await showMap(testbed.store, campaignId, map)
    return map
  }

  const load = (map: GameMap, tile: MapTile) => loadTile(testbed.url, campaignId, map.id, tile)
  const fog = (map: GameMap, blocks: Blocks, isReveal: boolean, at?: Date) =>
    changeFog(testbed.store, { campaignId, map, ...(at ? { at } : {}) }, blocks, isReveal)
  const longAgo = () => new Date(Date.now() - 60_000)

  describe('the picture of a map', () => {
    it.each([
      ['owner', 200],
      ['dm', 200],
      ['player', 403],
      ['spectator', 403],
      ['stranger', 403],
      ['anonymous', 401],
    ] as const)('sent by %s gets %i', async (who, status) => {
      const sent = await sendMap(testbed.url, tokenOf(who), await samplePicture('png', { width: 90, height: 70 }))
      expect([sent.status, sent.picture !== undefined]).toEqual([status, status === 200])
    })

    it('keeps its size, and its tiles count as bytes of the room', async () => {
      const used = () => testbed.store.read(({ pictures }) => pictures.usedBytes('main'))
      const before = await used()
      const { picture, ...rest } = await sendMap(testbed.url, tokenOf('dm'), await pngOf(noise(SIZE, 9)))
      expect(picture).toMatchObject({ ...SIZE, tileLevels: 3 })
      expect(rest).toMatchObject({ grid: null, counts: null, warnings: [] })
      expect(await used()).toBe(before + (picture?.bytes ?? 0))
      // Noise does not shrink.
      expect(picture?.bytes).toBeGreaterThan(SIZE.width * SIZE.height * 3)
    })

    it('is taken once, when the same person sends it again', async () => {
      const file = await pngOf(noise({ width: 100, height: 100 }, 12))
      const [one, again] = [
        await sendMap(testbed.url, tokenOf('dm'), file),
        await sendMap(testbed.url, tokenOf('dm'), file),
      ]
      expect(again.picture).toEqual(one.picture)
    })

    it('comes with walls in a Universal VTT file, which are stored with it', async () => {
      const image = (await pngOf(noise({ width: 500, height: 400 }))).toString('base64')
      const sent = await sendMap(testbed.url, tokenOf('dm'), mapFile({ picture: image }))
      expect(sent).toMatchObject({ status: 200, grid: { size: 50 }, counts: { walls: 2, doors: 1, lights: 1 } })
      const text = await testbed.store.read(({ maps }) => maps.walls('main', sent.picture?.id ?? ''))
      expect(JSON.parse(text ?? '')).toMatchObject({ doors: [['d1', 200, 200, 200, 250, false]] })
    })

    it.each([
      ['nothing', Buffer.alloc(0), 422, 'nothing in this file'],
      ['more than MEDIA_MAP_MAX_BYTES', randomBytes(3_000_001), 413, 'too large'],
      ['a page', Buffer.from('<!doctype html>'), 422, 'no picture'],
      ['another JSON', Buffer.from('{"hello":"world"}'), 422, 'map file'],
      ['a map file whose picture is a page', mapFile({ picture: 'PGI+' }), 422, 'picture in this map file'],
    ])('that is %s is refused with a sentence, and nothing is kept', async (_what, body, status, words) => {
      const rows = async () => (await testbed.store.read(({ pictures }) => pictures.list('main'))).length
      const before = await rows()
      const sent = await sendMap(testbed.url, tokenOf('dm'), body)
      expect([sent.status, sent.error?.message]).toEqual([status, expect.stringContaining(words)])
      expect(await rows()).toBe(before)
    })
  })

  describe('tiles of a map', () => {
    it('are whole for DMs, by the name of the map', async () => {
      const picture = noise(SIZE, 4)
      const map = await shownMap(picture)
      for (const place of placesOf(map)) {
        const { status, body } = await load(map, { id: idOf(place), name: map.name })
        const pixels = await pixelsOf(body)
        expect([status, pixels.channels]).toEqual([200, 3])
        if (place.level === 0) {
          const first = ((place.row * 512 * SIZE.width + place.column * 512) * 3) | 0
          expect([...pixels.data.subarray(0, 3)]).toEqual([...picture.data.subarray(first, first + 3)])
        }
      }
    })

    it('have the headers of pictures', async () => {
      const map = await shownMap(noise(SIZE, 5))
      const [tile] = await fog(map, { column: 0, row: 0, columns: 3, rows: 3 }, true)
      for (const one of [tile, { id: '0-0-0', name: map.name }]) {
        const { headers, body } = await load(map, one ?? { id: '', name: '' })
        expect(headers).toMatchObject({
          'content-type': 'image/webp',
          'content-length': String(body.length),
          'cache-control': 'private, max-age=31536000, immutable',
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
          'cross-origin-resource-policy': 'same-origin',
        })
        expect(headers).not.toHaveProperty('set-cookie')
      }
    })

    it('show players no hidden pixel at any level, under new, old and guessed names, after a reveal, a hide and an undo', async () => {
      const revealed = { column: 3, row: 2, columns: 37, rows: 21 }
      const map = await shownMap(painted(revealed))
      const seen: Buffer[] = []
      const names = new Map<string, MapTile>()
      const everything = async (tiles: readonly MapTile[]) => {
        for (const tile of tiles) names.set(`${tile.id} ${tile.name}`, tile)
        for (const tile of names.values()) {
          const { status, body } = await load(map, tile)
          expect([200, 404]).toContain(status)
          if (status === 200) seen.push(body)
        }
      }
      // Level 2 is one tile, and all of it has a part of the revealed rectangle.
      const first = await fog(map, revealed, true, longAgo())
      expect(first.map(({ id }) => id)).toEqual(expect.arrayContaining(['0-0-0', '1-0-0', '2-0-0']))
      await everything(first)
      const part = { column: 8, row: 5, columns: 9, rows: 9 }
      await everything(await fog(map, part, false))
      await everything(await fog(map, part, true))
      await everything(await fog(map, { column: 0, row: 0, columns: 200, rows: 200 }, false))
      await everything(await fog(map, { column: 5, row: 5, columns: 2, rows: 2 }, true))
      // Names of one tile at another's place, and names that nobody gave.
      const known = [...names.values()]
      for (const { id } of known.slice(0, 5)) for (const { name } of known.slice(0, 5)) await everything([{ id, name }])
      await everything(placesOf(map).map((place) => ({ id: idOf(place), name: newName() })))
      expect(seen.length).toBeGreaterThan(20)
      for (const body of seen) await expectOnly(body, [SHOWN, FOG_COLOUR])
    })

    it('of a name that players had are gone once a pixel was hidden, and those of an older fog that is part of the present one are served for ten seconds', async () => {
      const map = await shownMap(noise(SIZE, 6))
      const small = { column: 0, row: 0, columns: 4, rows: 4 }
      const [before] = await fog(map, small, true, longAgo())
      if (!before) throw new Error('a tile is visible')
      // It was never asked for, so no cache has it.
      const more = { column: 4, row: 0, columns: 4, rows: 4 }
      const [now] = await fog(map, more, true)
      expect(now?.name).not.toBe(before.name)
      const asItWas = await load(map, before)
      expect(asItWas.status).toBe(200)
      const pixels = await pixelsOf(asItWas.body)
      const at = (x: number) => [...pixels.data.subarray(x * 3, x * 3 + 3)]
      expect(at(63)).not.toEqual([...FOG_COLOUR])
      expect(at(64)).toEqual([...FOG_COLOUR])
      await fog(map, { column: 0, row: 0, columns: 1, rows: 1 }, false)
      expect((await load(map, before)).status).toBe(404)
      expect((await load(map, now ?? before)).status).toBe(404)
    })

    it('of an older name are gone after ten seconds, although the cache has them', async () => {
      const map = await shownMap(noise(SIZE, 7))
      const [before] = await fog(map, { column: 0, row: 0, columns: 4, rows: 4 }, true, longAgo())
      if (!before) throw new Error('a tile is visible')
      expect((await load(map, before)).status).toBe(200)
      await fog(map, { column: 4, row: 0, columns: 4, rows: 4 }, true, new Date(Date.now() - 10_001))
      expect((await load(map, before)).status).toBe(404)
    })

    it('have the same name and bytes when they are hidden and revealed again', async () => {
      const map = await shownMap(noise(SIZE, 8))
      const blocks = { column: 0, row: 0, columns: 4, rows: 4 }
      const [before] = await fog(map, blocks, true)
      if (!before) throw new Error('a tile is visible')
      const first = await load(map, before)
      expect(await fog(map, blocks, false)).toEqual([])
      expect((await load(map, before)).status).toBe(404)
      const [after] = await fog(map, blocks, true)
      expect(after).toEqual(before)
      expect((await load(map, before)).body.equals(first.body)).toBe(true)
    })

    it('are made once, however many people ask at the same moment', async () => {
      const made = async () =>
        (await scrape(testbed.url)).sum('tablecast_tile_render_seconds_count', { outcome: 'made' })
      const map = await shownMap(noise(SIZE, 10))
      const [tile] = await fog(map, { column: 0, row: 0, columns: 40, rows: 40 }, true)
      if (!tile) throw new Error('a tile is visible')
      const before = await made()
      const answers = await Promise.all(Array.from({ length: 12 }, () => load(map, tile)))
      expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200))
      await load(map, tile)
      expect(await made()).toBe(before + 1)
    })

    it('of a map without a picture are paper under fog', async () => {
      const map = await addMap(testbed.store, campaignId, { pictureId: null, ...SIZE })
      await showMap(testbed.store, campaignId, map)
      const [tile] = await fog(map, { column: 0, row: 0, columns: 2, rows: 2 }, true)
      const { body } = await load(map, tile ?? { id: '', name: '' })
      await expectOnly(body, [[236, 229, 214], FOG_COLOUR])
      await expectOnly((await load(map, { id: '0-1-0', name: map.name })).body, [[236, 229, 214]])
    })

    it('are gone for players while the campaign is not open, the map is not shown, and after their names were renewed', async () => {
      const map = await shownMap(noise(SIZE, 11))
      const [tile] = await fog(map, { column: 0, row: 0, columns: 2, rows: 2 }, true)
      if (!tile) throw new Error('a tile is visible')
      const status = async (one = tile) => (await load(map, one)).status
      const open = (id: string | null) => testbed.store.write(({ rooms }) => rooms.setActiveCampaign('main', id))
      expect(await status()).toBe(200)
      await open(null)
      expect(await status()).toBe(404)
      expect(await status({ id: '0-0-0', name: map.name })).toBe(200)
      await open(campaignId)
      expect(await status()).toBe(200)
      await showMap(testbed.store, campaignId, null)
      expect(await status()).toBe(404)
      expect(await status({ id: '0-0-0', name: map.name })).toBe(200)
      await showMap(testbed.store, campaignId, map)
      expect(await status()).toBe(200)
      await renewKey(testbed.store, campaignId, map)
      expect(await status()).toBe(404)
    })

    it('at an address that leads nowhere are always answered the same', async () => {
      const map = await shownMap(noise(SIZE, 13))
      const blocks = { column: 0, row: 0, columns: 2, rows: 2 }
      const [tile] = await fog(map, blocks, true, longAgo())
      if (!tile) throw new Error('a tile is visible')
      await fog(map, blocks, false, longAgo())
      const { name } = map
      const tileAt = (id: string, one: string, mapId = map.id, campaign = campaignId) =>
        loadTile(testbed.url, campaign, mapId, { id, name: one })
      const answers = [
        await tileAt('0-0-0', newName()),
        await tileAt(tile.id, tile.name),
        await tileAt('0-2-1', newName()),
        await tileAt('0-0-0', name, 'no-map'),
        await tileAt('0-0-0', name, map.id, 'no-campaign'),
        await tileAt('0-3-0', name),
        await tileAt('3-0-0', name),
        await tileAt('00-0-0', name),
        await tileAt('0-0-00', name),
        await tileAt('0-0-0-0', name),
        await tileAt('-1-0-0', name),
        await tileAt('0-999-999', name),
        await tileAt('..%2f0-0-0', name),
        await tileAt('0-0-0', `${name}%00`),
        await tileAt('0-0-0', 'x'.repeat(2_000)),
        await tileAt('0-0-0', map.pictureId ?? ''),
      ]
      for (const answer of answers) expect(quiet(answer)).toEqual(quiet(answers[0] ?? answer))
      expect(answers[0]?.status).toBe(404)
    })
  })
}

/** A picture whose revealed blocks have one colour, and whose hidden ones have another. */
function painted({ column, row, columns, rows }: Blocks): Pixels {
  const { width, height } = SIZE
  const data = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const isShown = x >= column * 16 && x < (column + columns) * 16 && y >= row * 16 && y < (row + rows) * 16
      data.set(isShown ? SHOWN : SECRET, (y * width + x) * 3)
    }
  return { ...SIZE, data }
}

async function expectOnly(body: Buffer, colours: readonly (readonly number[])[]): Promise<void> {
  const { data, channels } = await pixelsOf(body)
  expect(channels).toBe(3)
  const allowed = new Set(colours.map((colour) => Buffer.from(colour).readUIntBE(0, 3)))
  const found = new Set<number>()
  for (let at = 0; at < data.length; at += 3) found.add(data.readUIntBE(at, 3))
  expect([...found].filter((colour) => !allowed.has(colour))).toEqual([])
}

/** Without the parts that differ in every answer: the request's id, the time, and what is left of the rate. */
function quiet({ status, headers, body }: Awaited<ReturnType<typeof loadTile>>) {
  const changing = /^(date|x-request-id|x-ratelimit-.*|keep-alive)$/
  return {
    status,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !changing.test(name))),
    body: body.toString(),
  }
}
