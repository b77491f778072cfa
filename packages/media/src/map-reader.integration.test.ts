import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Fog, FOG_BLOCK, hiddenFog, isRevealed } from '@tablecast/maps/fog'
import type { MapSize } from '@tablecast/maps/grid'
import { boundsOfTile, FOG_COLOUR, TileMasks, type TilePlace } from '@tablecast/maps/tiles'
import { temporaryFolder } from '@tablecast/testing'
import fc from 'fast-check'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FileMedia } from './file-media.ts'
import { PictureReader } from './picture-reader.ts'
import { PictureRefused } from './picture-refused.ts'
import { readTile } from './stored-tile.ts'
import { cutOut, halved, mapFile, noise, type Pixels, pixelsOf, pngOf } from './testing/map-pictures.ts'
import { TileRenderer } from './tile-renderer.ts'
import { tileRowsOf } from './tile-row.ts'

const encoder = {
  deadlineMs: 120_000,
  mapDeadlineMs: 120_000,
  idleMs: 60_000,
  maxMemoryBytes: 600_000_000,
  maxWaiting: 100,
  died: () => {},
}

/** A reader, a renderer and a store for maps. */
async function openMaps({ maxPixels = 100_000_000, maxMemoryBytes = encoder.maxMemoryBytes } = {}) {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await temporaryFolder())
  const under = join(folder.path, 'tmp')
  const reader = opened.use(new PictureReader({ folder: under, maxPixels, encoder: { ...encoder, maxMemoryBytes } }))
  const renderer = opened.use(new TileRenderer({ folder: under, encoder }))
  const media = new FileMedia(join(folder.path, 'media'))
  const owned = opened.move()
  let files = 0
  return {
    renderer,
    media,
    leftovers: () => readdir(under),
    /** Cuts a picture, and stores all of it. */
    async store(content: Buffer) {
      const path = join(folder.path, `file-${files++}`)
      await writeFile(path, content)
      return reader.readMap(path, async ({ content: contentOf, ...map }) => {
        for (const file of map.files) await media.put(map.hash, file, await contentOf(file))
        return map
      })
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

type Maps = Awaited<ReturnType<typeof openMaps>>

const reasonOf = (maps: Maps, content: Buffer) =>
  maps.store(content).then(
    () => 'taken',
    (error: unknown) => (error instanceof PictureRefused ? error.reason : error),
  )

/** All tiles of a picture. */
function placesOf(size: MapSize): TilePlace[] {
  return tileRowsOf(size).flatMap(({ level, row, columns }) =>
    Array.from({ length: columns }, (_none, column) => ({ level, column, row })),
  )
}

/** The bounds of a tile that exists. */
function boundsOf(size: MapSize, place: TilePlace) {
  const bounds = boundsOfTile(size, place)
  if (!bounds) throw new Error('there is no such tile')
  return bounds
}

async function storedTile({ media }: Maps, hash: string, place: TilePlace): Promise<Buffer> {
  const tile = await readTile(media, hash, place)
  if (!tile) throw new Error('there is no such tile')
  return tile
}

/** A picture and its levels, each the mean of the one below. */
function levelsOfPicture(picture: Pixels, levels: number): Pixels[] {
  const all = [picture]
  for (let level = 1; level < levels; level++) all.push(halved(all[level - 1] ?? picture))
  return all
}

const fogOf = (size: MapSize, isShown: (column: number, row: number) => boolean): Fog => {
  const fog = hiddenFog(size)
  for (let row = 0; row < fog.rows; row++)
    for (let column = 0; column < fog.columns; column++)
      if (isShown(column, row)) {
        const at = row * fog.stride + (column >> 3)
        fog.bits[at] = (fog.bits[at] ?? 0) | (1 << (column & 7))
      }
  return fog
}

const isSourceShown = (fog: Fog, level: number, x: number, y: number): boolean => {
  const scale = 2 ** level
  for (let row = y * scale; row < Math.min((y + 1) * scale, fog.size.height); row++)
    for (let column = x * scale; column < Math.min((x + 1) * scale, fog.size.width); column++)
      if (!isRevealed(fog, Math.floor(column / FOG_BLOCK), Math.floor(row / FOG_BLOCK))) return false
  return true
}

let maps: Maps
beforeAll(async () => {
  maps = await openMaps()
})
afterAll(() => maps[Symbol.asyncDispose]())

describe('the picture of a map', () => {
  it('is cut into levels whose pixels are the mean of the four below them, and is lossless', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 64, max: 1_500 }),
        fc.integer({ min: 64, max: 1_300 }),
        fc.nat(),
        async (width, height, seed) => {
          const picture = noise({ width, height }, seed)
          const map = await maps.store(await pngOf(picture))
          expect(map).toMatchObject({ width, height })
          const levels = levelsOfPicture(picture, map.tileLevels)
          for (const place of placesOf(picture)) {
            const tile = await pixelsOf(await storedTile(maps, map.hash, place))
            const level = levels[place.level] ?? picture
            const expected = cutOut(level, boundsOf(picture, place))
            expect([tile.width, tile.height, tile.channels]).toEqual([expected.width, expected.height, 3])
            expect(tile.data.equals(expected.data), JSON.stringify(place)).toBe(true)
          }
        },
      ),
      { numRuns: 4, examples: [[1_025, 513, 3]] },
    )
  }, 120_000)

  it('is counted in bytes, and leaves no file of its cutting', async () => {
    const before = await maps.media.usedBytes()
    const { bytes, files } = await maps.store(await pngOf(noise({ width: 700, height: 600 }, 77)))
    expect(await maps.media.usedBytes()).toBe(before + bytes)
    expect(files).toEqual(['96', '640', '2560', 't0-0', 't0-1', 't1-0'])
    expect(await maps.leftovers()).toEqual([])
  })

  it('is turned as its metadata say, and see-through parts lie on paper', async () => {
    const picture = noise({ width: 640, height: 100 })
    const turned = await sharp(await pngOf(picture))
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer()
    const map = await maps.store(turned)
    expect(map).toMatchObject({ width: 100, height: 640, tileLevels: 2 })
    const tile = await pixelsOf(await storedTile(maps, map.hash, { level: 0, column: 0, row: 0 }))
    // The upper right corner was the upper left one.
    expect([...tile.data.subarray(99 * 3, 100 * 3)]).toEqual([...picture.data.subarray(0, 3)])

    const clear = await sharp({
      create: { width: 80, height: 80, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } },
    })
      .png()
      .toBuffer()
    const onPaper = await maps.store(clear)
    const paper = await pixelsOf(await storedTile(maps, onPaper.hash, { level: 0, column: 0, row: 0 }))
    expect([paper.channels, ...paper.data.subarray(0, 3)]).toEqual([3, 236, 229, 214])
  })

  it.each([
    ['of one channel', (image: Sharp) => image.greyscale().png()],
    ['of 16 bits', (image: Sharp) => image.toColourspace('rgb16').png()],
    ['of a palette', (image: Sharp) => image.png({ palette: true })],
    ['in CMYK', (image: Sharp) => image.toColourspace('cmyk').jpeg()],
    ['in AVIF', (image: Sharp) => image.avif({ effort: 0 })],
  ] as const)('%s becomes tiles of three channels with 8 bits', async (_kind, made) => {
    const file = await made(sharp(await pngOf(noise({ width: 600, height: 200 })))).toBuffer()
    const map = await maps.store(file)
    for (const place of placesOf(map)) {
      const tile = await pixelsOf(await storedTile(maps, map.hash, place))
      const { width, height } = boundsOf(map, place)
      expect([tile.channels, tile.data.length]).toEqual([3, width * height * 3])
    }
  })

  it('is refused with a reason where it is too small, too long, or has too many pixels', async () => {
    await using small = await openMaps({ maxPixels: 1_000_000 })
    const flat = (width: number, height: number) =>
      sharp({ create: { width, height, channels: 3, background: '#777' } })
        .png()
        .toBuffer()
    expect(await reasonOf(small, await flat(63, 500))).toBe('too_small')
    expect(await reasonOf(small, await flat(1_001, 1_000))).toBe('too_many_pixels')
    expect(await reasonOf(maps, await flat(20_001, 64))).toBe('too_long')
    expect(await reasonOf(maps, (await flat(200, 200)).subarray(0, 200))).toBe('damaged')
    expect(await reasonOf(maps, Buffer.from('<svg>'))).toBe('svg')
  })
})

describe('a Universal VTT file', () => {
  const picture = async (size = { width: 500, height: 400 }) => (await pngOf(noise(size))).toString('base64')

  it('brings its picture, grid, walls, doors and lights', async () => {
    const map = await maps.store(mapFile({ picture: await picture() }))
    expect(map).toMatchObject({ width: 500, height: 400, tileLevels: 1, warnings: [] })
    expect(map.walls?.parts).toEqual({
      grid: { kind: 'square', size: 50, offset: { x: 0, y: 0 }, scale: 5, unit: 'ft' },
      isDaylight: false,
      walls: [
        { a: { x: 50, y: 50 }, b: { x: 200, y: 50 } },
        { a: { x: 200, y: 50 }, b: { x: 200, y: 200 } },
      ],
      doors: [{ id: 'd1', a: { x: 200, y: 200 }, b: { x: 200, y: 250 }, isOpen: false }],
      lights: [{ at: { x: 100, y: 100 }, reach: 150 }],
    })
    expect(await maps.leftovers()).toEqual([])
  })

  it('may have a mark of its byte order, white space, and a picture as an address', async () => {
    const file = mapFile({ picture: `data:image/png;base64,${await picture()}` })
    const map = await maps.store(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(' \n'), file]))
    expect(map.walls?.parts.doors).toHaveLength(1)
  })

  it('with a picture of another size has its walls on the picture', async () => {
    const twice = await maps.store(mapFile({ picture: await picture({ width: 1_000, height: 800 }) }))
    expect(twice.walls?.parts).toMatchObject({
      grid: { size: 100 },
      walls: [{ a: { x: 100, y: 100 }, b: { x: 400, y: 100 } }, {}],
    })
    expect(twice.warnings).toEqual([])
    const wide = await maps.store(mapFile({ picture: await picture({ width: 1_000, height: 400 }) }))
    expect(wide.warnings).toEqual([expect.stringContaining('another shape')])
  })

  it('with the same picture and other walls is another map', async () => {
    const [one, other] = [
      mapFile({ picture: await picture() }),
      mapFile({ picture: await picture(), more: { portals: [] } }),
    ]
    expect((await maps.store(one)).hash).not.toBe((await maps.store(other)).hash)
  })

  it.each([
    ['is no JSON', () => Buffer.from('{"format":'), 'map_file'],
    ['is another JSON', () => Buffer.from('{"name":"x"}'), 'map_file'],
    [
      'has a million wall points',
      () =>
        mapFile({
          picture: 'AAAA',
          more: { line_of_sight: [Array.from({ length: 1_000_000 }, () => ({ x: 1, y: 1 }))] },
        }),
      'map_file',
    ],
    ['has ten million numbers', () => Buffer.from(`{"a":[${'1,'.repeat(10_000_000)}1]}`), 'map_file'],
    ['is nested a million deep', () => Buffer.from(`{"a":${'['.repeat(1_000_000)}`), 'map_file'],
    ['claims a size without bound', () => mapFile({ cells: { x: 1e9, y: 1e9 }, picture: 'AAAA' }), 'map_file'],
    ['has no picture', () => mapFile({ picture: '' }), 'map_file'],
    ['has a picture that is no Base64', () => mapFile({ picture: `${' '.repeat(3_000_000)}!` }), 'map_without_picture'],
    [
      'has a picture that is a page',
      () => mapFile({ picture: Buffer.from('<script>').toString('base64') }),
      'map_without_picture',
    ],
    ['has an SVG', () => mapFile({ picture: Buffer.from('<svg>').toString('base64') }), 'map_without_picture'],
  ] as const)(
    'that %s is refused with a sentence',
    async (_what, made, reason) => {
      expect(await reasonOf(maps, made())).toBe(reason)
      expect(await maps.leftovers()).toEqual([])
    },
    60_000,
  )

  it('with places far away brings none of them farther than a map may have them', async () => {
    const far = [
      { x: 1e300, y: -1e300 },
      { x: -1e300, y: 1e300 },
      { x: 2, y: 2 },
      { x: 19_000, y: 2 },
    ]
    const map = await maps.store(mapFile({ picture: await picture(), more: { line_of_sight: [far] } }))
    expect(map.walls?.parts.walls).toEqual([{ a: { x: 100, y: 100 }, b: { x: 20_500, y: 100 } }])
  })
})

describe('a masked tile', () => {
  const [width, height] = [1_100, 700]

  it('shows the mean of revealed pixels, the fog’s colour elsewhere, at every level', async () => {
    const picture = noise({ width, height })
    const map = await maps.store(await pngOf(picture))
    const levels = levelsOfPicture(picture, map.tileLevels)
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.boolean()), fc.nat(), async (random, pick) => {
        const fog = fogOf({ width, height }, () => random.next().value ?? false)
        const places = placesOf(picture)
        const place = places[pick % places.length] ?? { level: 0, column: 0, row: 0 }
        const tile = await masked(maps, map.hash, { fog, place })
        const { data } = await pixelsOf(tile)
        const bounds = boundsOf(picture, place)
        const whole = levels[place.level] ?? picture
        for (let y = 0; y < bounds.height; y += 3)
          for (let x = 0; x < bounds.width; x += 5) {
            const [column, row] = [bounds.left + x, bounds.top + y]
            const from = (row * whole.width + column) * 3
            const expected = isSourceShown(fog, place.level, column, row)
              ? [...whole.data.subarray(from, from + 3)]
              : [...FOG_COLOUR]
            const at = (y * bounds.width + x) * 3
            if (expected.some((value, channel) => value !== data[at + channel]))
              expect([x, y, ...data.subarray(at, at + 3)]).toEqual([x, y, ...expected])
          }
      }),
      { numRuns: 12 },
    )
  }, 120_000)

  it('has the same bytes whatever the hidden parts of the picture are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.infiniteStream(fc.boolean()),
        fc.integer({ min: 64, max: 900 }),
        fc.integer({ min: 64, max: 600 }),
        fc.nat(),
        async (random, across, down, seed) => {
          const size = { width: across, height: down }
          const fog = fogOf(size, () => random.next().value ?? false)
          const picture = noise(size, seed)
          const other = Buffer.from(picture.data)
          for (let at = 0; at < other.length; at++) {
            const [x, y] = [Math.floor(at / 3) % across, Math.floor(at / 3 / across)]
            if (!isRevealed(fog, Math.floor(x / FOG_BLOCK), Math.floor(y / FOG_BLOCK)))
              other[at] = 255 - (other[at] ?? 0)
          }
          const [one, changedOne] = [
            await maps.store(await pngOf(picture)),
            await maps.store(await pngOf({ ...size, data: other })),
          ]
          for (const place of placesOf(size)) {
            const [tile, otherTile] = [
              await masked(maps, one.hash, { fog, place }),
              await masked(maps, changedOne.hash, { fog, place }),
            ]
            expect(tile.equals(otherTile), JSON.stringify(place)).toBe(true)
          }
        },
      ),
      { numRuns: 4 },
    )
  }, 120_000)

  it('of a map without a picture is paper where it is revealed', async () => {
    const fog = fogOf({ width: 64, height: 64 }, (column) => column === 0)
    const mask = new TileMasks(fog).maskOf({ level: 0, column: 0, row: 0 })
    if (!mask) throw new Error('each tile has a mask')
    const { data } = await pixelsOf(await maps.renderer.render({ tile: null, size: { width: 64, height: 64 }, mask }))
    expect([...data.subarray(0, 3), ...data.subarray(16 * 3, 17 * 3)]).toEqual([236, 229, 214, ...FOG_COLOUR])
  })
})

async function masked(maps: Maps, hash: string, { fog, place }: { fog: Fog; place: TilePlace }): Promise<Buffer> {
  const mask = new TileMasks(fog).maskOf(place)
  if (!mask) throw new Error('each tile has a mask')
  const { width, height } = boundsOf(fog.size, place)
  return maps.renderer.render({ tile: await storedTile(maps, hash, place), size: { width, height }, mask })
}
