import type { MapSize } from '../point.ts'

/** The side of a block of fog, in pixels of the map's picture. A block is revealed or hidden as a whole. */
export const FOG_BLOCK = 16

/**
 * The fog of one map: one bit a block, 1 where it is revealed. Each row of blocks begins at a byte; the first block of a byte is its
 * lowest bit. Blocks at the right and lower edge may reach over the picture. A map of 8,192 × 8,192 pixels takes 32 kB.
 */
export type Fog = {
  readonly size: MapSize
  /** Blocks from left to right, and from top to bottom. */
  readonly columns: number
  readonly rows: number
  /** Bytes of a row. */
  readonly stride: number
  readonly bits: Uint8Array
}

export function hiddenFog(size: MapSize): Fog {
  const columns = Math.ceil(size.width / FOG_BLOCK)
  const rows = Math.ceil(size.height / FOG_BLOCK)
  const stride = Math.ceil(columns / 8)
  return { size, columns, rows, stride, bits: new Uint8Array(stride * rows) }
}

export function revealedFog(size: MapSize): Fog {
  const fog = hiddenFog(size)
  for (let row = 0; row < fog.rows; row++) revealRow(fog, row, 0, fog.columns)
  return fog
}

/** Whether a block is revealed. Blocks outside the map are not. */
export function isRevealed({ columns, rows, stride, bits }: Fog, column: number, row: number): boolean {
  if (column < 0 || row < 0 || column >= columns || row >= rows) return false
  return (((bits[row * stride + (column >> 3)] ?? 0) >> (column & 7)) & 1) === 1
}

/** Reveals blocks of a row in place, from a column up to another, which is left out. For makers of a fog alone. */
export function revealRow({ columns, stride, bits }: Fog, row: number, from: number, to: number): void {
  const [first, end] = [Math.max(0, from), Math.min(columns, to)]
  for (let column = first; column < end; column++) {
    const at = row * stride + (column >> 3)
    const isWholeByte = (column & 7) === 0 && column + 8 <= end
    bits[at] = isWholeByte ? 255 : (bits[at] ?? 0) | (1 << (column & 7))
    if (isWholeByte) column += 7
  }
}

export const countRevealed = ({ bits }: Fog): number => bits.reduce((sum, byte) => sum + onesOf(byte), 0)

function onesOf(byte: number): number {
  let [ones, left] = [0, byte]
  for (; left > 0; left &= left - 1) ones++
  return ones
}
