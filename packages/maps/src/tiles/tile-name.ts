import { createHmac } from 'node:crypto'
import type { TileMask } from './tile-mask.ts'

/** `<level>-<column>-<row>` */
export type TileId = string

/**
 * The name in the address of a tile: 128 bits that nobody can guess, and that tell nothing. The same visible pixels have the same name. A
 * browser that has loaded a tile does not load it again when a DM hides a part and reveals it again. `key`: a secret of the map, in hexadecimal.
 */
export function tileName(key: string, id: TileId, { cell, columns, bits }: TileMask): string {
  const sum = createHmac('sha256', Buffer.from(key, 'hex')).update(`${id} ${cell} ${columns} `).update(bits)
  return sum.digest().subarray(0, 16).toString('base64url')
}
