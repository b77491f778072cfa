import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readUniversalVtt, wallsOnPicture, writeWalls } from '@tablecast/maps/import'
import { sizeOfLevel, TILE } from '@tablecast/maps/tiles'
import { filesOf, isVariant, tileRowsOf, unpackTiles } from '@tablecast/media'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { chapelMap } from './chapel-map.ts'
import { chapelVtt } from './chapel-vtt.ts'

const folder = fileURLToPath(
  new URL('../../apps/server/src/stages/campaign/sample-pictures/chapel-map', import.meta.url),
)
const MapFile = z.object({ width: z.int(), height: z.int(), tileLevels: z.int() })
const map = MapFile.parse(JSON.parse(await readFile(join(folder, 'map.json'), 'utf8')))

/** The pixels of a whole level, put together from its tiles. */
async function levelOf(level: number): Promise<Buffer> {
  const { width, height } = sizeOfLevel(map, level)
  const pixels = Buffer.alloc(width * height * 3)
  for (const { row, columns } of tileRowsOf(map).filter((one) => one.level === level)) {
    const tiles = unpackTiles(await readFile(join(folder, `t${level}-${row}.tiles`)), columns) ?? []
    expect(tiles).toHaveLength(columns)
    for (const [column, tile] of tiles.entries()) {
      const { data, info } = await sharp(tile).raw().toBuffer({ resolveWithObject: true })
      expect(info.channels).toBe(3)
      for (let y = 0; y < info.height; y++)
        data.copy(pixels, ((row * TILE + y) * width + column * TILE) * 3, y * info.width * 3, (y + 1) * info.width * 3)
    }
  }
  return pixels
}

/** The largest difference of two pictures in one colour of one pixel, and the mean of all. */
function difference(one: Buffer, other: Buffer): { most: number; mean: number } {
  let [most, sum] = [0, 0]
  for (let at = 0; at < one.length; at++) {
    const by = Math.abs((one[at] ?? 0) - (other[at] ?? 0))
    if (by > most) most = by
    sum += by
  }
  return { most, mean: one.length === other.length ? sum / one.length : Infinity }
}

function halved(pixels: Buffer, { width, height }: { width: number; height: number }): Buffer {
  const [across, down] = [Math.ceil(width / 2), Math.ceil(height / 2)]
  const half = Buffer.alloc(across * down * 3)
  for (let y = 0; y < down; y++)
    for (let x = 0; x < across; x++)
      for (let colour = 0; colour < 3; colour++) {
        const at = (column: number, row: number) => pixels[(row * width + column) * 3 + colour] ?? 0
        const sum = at(2 * x, 2 * y) + at(2 * x + 1, 2 * y) + at(2 * x, 2 * y + 1) + at(2 * x + 1, 2 * y + 1)
        half[(y * across + x) * 3 + colour] = (sum + 2) >> 2
      }
  return half
}

describe('the files of the sample campaign’s map', () => {
  it('are those that a media store keeps of a map, with 900 kB of tiles and 1.2 MB in all at most', async () => {
    const kept = filesOf(map).map((name) => `${name}.${isVariant(name) ? 'webp' : 'tiles'}`)
    const names = (await readdir(folder)).toSorted()
    expect(names).toEqual([...kept, 'map.json', 'walls.txt'].toSorted())
    const sizes = await Promise.all(names.map(async (name) => ({ name, bytes: (await stat(join(folder, name))).size })))
    const sum = (list: typeof sizes) => list.reduce((total, { bytes }) => total + bytes, 0)
    expect(sum(sizes.filter(({ name }) => name.endsWith('.tiles')))).toBeLessThanOrEqual(900_000)
    expect(sum(sizes)).toBeLessThanOrEqual(1_200_000)
  })

  it('hold the drawing without loss, and each level is the mean of the one below', async () => {
    const { data } = await sharp(Buffer.from(chapelMap()))
      .flatten()
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    let below = await levelOf(0)
    // Another version of the renderer may round an edge in another way.
    expect(difference(below, data).mean).toBeLessThan(0.2)
    for (let level = 1; level < map.tileLevels; level++) {
      const pixels = await levelOf(level)
      expect(difference(pixels, halved(below, sizeOfLevel(map, level - 1))).most).toBeLessThanOrEqual(1)
      below = pixels
    }
  })

  it('have the walls, doors and lights of the plan', async () => {
    const walls = writeWalls(wallsOnPicture(readUniversalVtt(chapelVtt('AAAA')), map))
    expect((await readFile(join(folder, 'walls.txt'), 'utf8')).trim()).toBe(walls)
  })
})
