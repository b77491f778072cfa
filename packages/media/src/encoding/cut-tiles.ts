// Cuts a picture of a map into its pyramid of tiles. Libvips reads the picture from top to bottom and keeps a few hundred lines of each level:
// 165 MB for 8,192 × 8,192 pixels. A pixel of a level is the mean of the four below it, see the tests.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { levelsOf, sizeOfLevel, TILE } from '@tablecast/maps/tiles'
import type { TiledPicture, TilesTask } from '../encoder-task.ts'
import { MAX_MAP_SIDE, MIN_MAP_SIDE } from '../map-sides.ts'
import { packTiles, tileRowOf, tileRowsOf } from '../tile-row.ts'
import { LOSSLESS } from './lossless.ts'
import type { OpenedMap } from './open-map-file.ts'
import { openTileFile } from './open-tile-file.ts'
import { mustBeReadable } from './must-be-readable.ts'
import { Refused } from './refused.ts'
import type { SharpLibrary } from './sharp-library.ts'
import { LARGEST, writeVariants } from './write-variants.ts'

/** The colour behind see-through pixels, and of maps without a picture. */
export const PAPER = { r: 236, g: 229, b: 214 }

type Size = { width: number; height: number }

export async function cutTiles(sharp: SharpLibrary, task: TilesTask): Promise<TiledPicture> {
  const { folder, maxPixels } = task
  const map = task.kind === 'universal-vtt' ? await openedMap(task) : null
  const source = map ?? (await pictureOf(sharp, task))
  const size = await sizeOf(sharp, { input: source.picture, kind: source.kind, maxPixels })
  const walls = map?.wallsOn(size)
  if (walls) await writeFile(join(folder, 'walls.json'), walls.text, { flag: 'wx' })
  const name = join(folder, 'cut')
  const tiles = `${name}_files`
  await sharp(source.picture, { limitInputPixels: maxPixels, failOn: 'error', sequentialRead: true })
    .autoOrient()
    .flatten({ background: PAPER })
    .toColourspace('srgb')
    .webp(LOSSLESS)
    .tile({ size: TILE, overlap: 0, depth: 'onetile', layout: 'dz', container: 'fs', skipBlanks: -1 })
    .toFile(`${name}.dz`)
  const levels = levelsOf(size)
  /** Deep Zoom counts from the smallest level. */
  const fileOf = (level: number, column: number, row: number) =>
    join(tiles, String(levels - 1 - level), `${column}_${row}.webp`)
  const thumbhash = await writeSmall(sharp, size, { folder, fileOf })
  for (const { level, row, columns } of tileRowsOf(size)) {
    const parts: Buffer[] = []
    for (let column = 0; column < columns; column++) parts.push(await readFile(fileOf(level, column, row)))
    await writeFile(join(folder, tileRowOf({ level, row })), packTiles(parts), { flag: 'wx' })
  }
  await rm(tiles, { recursive: true })
  for (const file of await readdir(folder)) if (file.startsWith('cut.')) await rm(join(folder, file))
  if (source.picture !== task.input) await rm(source.picture)
  return { ...size, thumbhash, hasWalls: walls !== undefined, warnings: walls?.warnings ?? [] }
}

/** The code for such files is loaded with the first one: it takes as long as all other code of this process. */
async function openedMap({ input, folder }: TilesTask): Promise<OpenedMap> {
  const { openMapFile } = await import('./open-map-file.ts')
  return openMapFile(input, folder)
}

/** A picture as it is, or out of its tiles. */
async function pictureOf(
  sharp: SharpLibrary,
  { input, kind, folder, maxPixels }: TilesTask,
): Promise<Pick<OpenedMap, 'picture' | 'kind'>> {
  if (kind === 'universal-vtt') throw new Refused('map_file')
  if (kind !== 'tiles') return { picture: input, kind }
  return { picture: await openTileFile(sharp, { input, folder, maxPixels }), kind: 'png' }
}

/** As the picture is seen, after it was turned. Throws `Refused`. */
async function sizeOf(sharp: SharpLibrary, source: Parameters<typeof mustBeReadable>[1]): Promise<Size> {
  const { width, height } = await mustBeReadable(sharp, source)
  if (Math.max(width, height) > MAX_MAP_SIDE) throw new Refused('too_long')
  if (Math.min(width, height) < MIN_MAP_SIDE) throw new Refused('too_small')
  return { width, height }
}

type Cut = { folder: string; fileOf: (level: number, column: number, row: number) => string }

/** The other variants, out of the first level that is small enough. */
async function writeSmall(sharp: SharpLibrary, size: Size, { folder, fileOf }: Cut): Promise<string> {
  let level = 0
  while (Math.max(size.width, size.height) / 2 ** level > LARGEST) level++
  const { width, height } = sizeOfLevel(size, level)
  const data = Buffer.alloc(width * height * 3)
  for (let row = 0; row * TILE < height; row++)
    for (let column = 0; column * TILE < width; column++) {
      const tile = await sharp(fileOf(level, column, row))
        .raw()
        .toBuffer({ resolveWithObject: true })
      if (tile.info.channels !== 3) throw new Refused('damaged')
      const line = tile.info.width * 3
      for (let y = 0; y < tile.info.height; y++)
        tile.data.copy(data, ((row * TILE + y) * width + column * TILE) * 3, y * line, (y + 1) * line)
    }
  return writeVariants(
    () => sharp(data, { raw: { width, height, channels: 3 } }),
    { width, height },
    {
      '96': join(folder, '96'),
      '640': join(folder, '640'),
      '2560': join(folder, '2560'),
    },
  )
}
