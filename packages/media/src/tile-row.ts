// The tiles of a map's picture are kept row by row, so that a map has a few dozen files and not hundreds. A file begins with the places of its
// tiles: one number more than it has tiles, of 32 bits each, little-endian. Tile `n` lies between the numbers `n` and `n + 1`.
import { levelsOf, TILE, type TilePlace, sizeOfLevel } from '@tablecast/maps/tiles'
import type { MapSize } from '@tablecast/maps/grid'
import { type StoredVariant, type TileRow, variants } from './variants.ts'

const NUMBER = 4

export const tileRowOf = ({ level, row }: Pick<TilePlace, 'level' | 'row'>): TileRow => `t${level}-${row}`

/** All rows of a picture, from its full size to the level of one tile. */
export function tileRowsOf(size: MapSize): { level: number; row: number; columns: number }[] {
  return Array.from({ length: levelsOf(size) }, (_none, level) => {
    const { width, height } = sizeOfLevel(size, level)
    const columns = Math.ceil(width / TILE)
    return Array.from({ length: Math.ceil(height / TILE) }, (_other, row) => ({ level, row, columns }))
  }).flat()
}

/** The files that a media store keeps of a picture. `tileLevels`: null for one that is no map's. */
export const filesOf = ({ width, height, tileLevels }: MapSize & { tileLevels: number | null }): StoredVariant[] =>
  tileLevels === null ? [...variants] : [...variants, ...tileRowsOf({ width, height }).map(tileRowOf)]

/** The tiles of one row as a file. */
export function packTiles(tiles: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc((tiles.length + 1) * NUMBER)
  let place = head.length
  head.writeUInt32LE(place, 0)
  tiles.forEach((tile, at) => {
    place += tile.byteLength
    head.writeUInt32LE(place, (at + 1) * NUMBER)
  })
  return Buffer.concat([head, ...tiles])
}

/** The tiles of a file. Null for a damaged one. */
export function unpackTiles(file: Buffer, columns: number): Buffer[] | null {
  const headBytes = (columns + 1) * NUMBER
  if (file.length < headBytes || file.readUInt32LE(columns * NUMBER) !== file.length) return null
  const places = Array.from({ length: columns + 1 }, (_none, at) => file.readUInt32LE(at * NUMBER))
  if (places[0] !== headBytes || places.some((place, at) => at > 0 && place < (places[at - 1] ?? 0))) return null
  return Array.from({ length: columns }, (_none, at) => file.subarray(places[at], places[at + 1]))
}

/** The bytes of the file's head that say where a tile lies: from, and up to without. */
export const headOfTile = ({ column }: Pick<TilePlace, 'column'>): ByteRange => ({
  from: column * NUMBER,
  to: (column + 2) * NUMBER,
})

export type ByteRange = { from: number; to: number }

/** Reads what `headOfTile` asked for. Null for a damaged file. */
export function rangeOfTile(head: Buffer): ByteRange | null {
  if (head.length !== 2 * NUMBER) return null
  const [from, to] = [head.readUInt32LE(0), head.readUInt32LE(NUMBER)]
  return from < to ? { from, to } : null
}
