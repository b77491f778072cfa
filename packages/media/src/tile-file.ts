// The picture of a map as one file, for an archive: its tiles of full size, row by row. The other levels are made of them again.
// After the mark come the width and the height, 32 bits each, little-endian; then each row as it is kept, with its length before it.
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { MapSize } from '@tablecast/maps/grid'
import type { MediaStore } from './media-store.ts'
import { tileRowOf, tileRowsOf } from './tile-row.ts'

const TILE_FILE_MARK = Buffer.from('TCTILES1')
const HEAD_BYTES = TILE_FILE_MARK.length + 8
const LENGTH_BYTES = 4

export const isTileFile = (start: Uint8Array): boolean =>
  TILE_FILE_MARK.equals(start.subarray(0, TILE_FILE_MARK.length))

/** Null where a row is gone. `bytes`: of the whole file. The body reads one row at a time. */
export async function tileFileOf(
  media: Pick<MediaStore, 'read'>,
  hash: string,
  size: MapSize,
): Promise<{ bytes: number; body: () => Readable } | null> {
  const rows = tileRowsOf(size)
    .filter(({ level }) => level === 0)
    .map(tileRowOf)
  let bytes = HEAD_BYTES
  for (const row of rows) {
    const found = await media.read(hash, row)
    found?.body.destroy()
    if (!found) return null
    bytes += LENGTH_BYTES + found.bytes
  }
  async function* content() {
    yield headOf(size)
    for (const row of rows) {
      const found = await media.read(hash, row)
      if (!found) throw new Error('the content of a map is gone')
      yield numberOf(found.bytes)
      yield* found.body
    }
  }
  return { bytes, body: () => Readable.from(content(), { objectMode: false }) }
}

/** The size that the head of a file says; null for another file. */
export function sizeInTileFile(head: Buffer): MapSize | null {
  if (head.length < HEAD_BYTES || !isTileFile(head)) return null
  return { width: head.readUInt32LE(TILE_FILE_MARK.length), height: head.readUInt32LE(TILE_FILE_MARK.length + 4) }
}

/** The same of a file on the disk. */
export async function sizeOfTileFile(path: string): Promise<MapSize | null> {
  await using file = await open(path)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
  return sizeInTileFile(buffer.subarray(0, bytesRead))
}

export { HEAD_BYTES as TILE_FILE_HEAD_BYTES }

function headOf({ width, height }: MapSize): Buffer {
  const numbers = Buffer.alloc(8)
  numbers.writeUInt32LE(width, 0)
  numbers.writeUInt32LE(height, 4)
  return Buffer.concat([TILE_FILE_MARK, numbers])
}

function numberOf(value: number): Buffer {
  const bytes = Buffer.alloc(LENGTH_BYTES)
  bytes.writeUInt32LE(value, 0)
  return bytes
}
