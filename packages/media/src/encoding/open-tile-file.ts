// Opens the tiles of a map that came in an archive, and writes them as one picture, which is then cut like any other. Rows of pixels go to the
// disk, so that memory holds one row of tiles.
import { createWriteStream } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { crc32, createDeflate } from 'node:zlib'
import { Readable } from 'node:stream'
import { boundsOfTile, TILE } from '@tablecast/maps/tiles'
import type { MapSize } from '@tablecast/maps/grid'
import { MAX_MAP_SIDE, MIN_MAP_SIDE } from '../map-sides.ts'
import { sizeInTileFile, TILE_FILE_HEAD_BYTES } from '../tile-file.ts'
import { unpackTiles } from '../tile-row.ts'
import { Refused } from './refused.ts'
import type { SharpLibrary } from './sharp-library.ts'

/** A tile takes at most four bytes a pixel, and its head. */
const MAX_TILE_BYTES = TILE * TILE * 4 + 1_000
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** The path of the picture. Throws `Refused`. */
export async function openTileFile(
  sharp: SharpLibrary,
  { input, folder, maxPixels }: { input: string; folder: string; maxPixels: number },
): Promise<string> {
  await using file = await open(input)
  const size = sizeInTileFile(await bytesOf(file, TILE_FILE_HEAD_BYTES))
  if (!size) throw new Refused('damaged')
  if (size.width * size.height > maxPixels) throw new Refused('too_many_pixels')
  if (Math.max(size.width, size.height) > MAX_MAP_SIDE) throw new Refused('too_long')
  if (Math.min(size.width, size.height) < MIN_MAP_SIDE) throw new Refused('too_small')
  const picture = join(folder, 'picture')
  await pipeline(
    Readable.from(linesOf(sharp, file, size)),
    createDeflate({ level: 1 }),
    (packed: AsyncIterable<Buffer>) => pngOf(size, packed),
    createWriteStream(picture, { flags: 'wx' }),
  )
  return picture
}

/** The pixels, with the filter's byte of a PNG before each line. */
async function* linesOf(sharp: SharpLibrary, file: FileHandle, { width, height }: MapSize): AsyncGenerator<Buffer> {
  const columns = Math.ceil(width / TILE)
  const line = width * 3 + 1
  for (let row = 0; row * TILE < height; row++) {
    const length = (await bytesOf(file, 4)).readUInt32LE()
    if (length > columns * MAX_TILE_BYTES) throw new Refused('damaged')
    const tiles = unpackTiles(await bytesOf(file, length), columns)
    if (!tiles) throw new Refused('damaged')
    const lines = Buffer.alloc(line * Math.min(TILE, height - row * TILE))
    for (const [column, tile] of tiles.entries()) {
      const bounds = boundsOfTile({ width, height }, { level: 0, column, row })
      const { data, info } = await sharp(tile, { failOn: 'error', limitInputPixels: TILE * TILE })
        .raw()
        .toBuffer({ resolveWithObject: true })
      if (info.width !== bounds?.width || info.height !== bounds.height || info.channels !== 3)
        throw new Refused('damaged')
      for (let y = 0; y < info.height; y++)
        data.copy(lines, y * line + 1 + bounds.left * 3, y * info.width * 3, (y + 1) * info.width * 3)
    }
    yield lines
  }
}

/** PNG: https://www.w3.org/TR/png-3/ */
async function* pngOf({ width, height }: MapSize, packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0])
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  yield SIGNATURE
  yield chunk('IHDR', head)
  for await (const part of packed) yield chunk('IDAT', part)
  yield chunk('IEND', Buffer.alloc(0))
}

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), body])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(body.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}

/** The next bytes of a file. Throws `Refused` where it ends. */
async function bytesOf(file: FileHandle, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length)
  if (bytesRead < length) throw new Refused('damaged')
  return buffer
}
