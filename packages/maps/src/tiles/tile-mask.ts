import { FOG_BLOCK, type Fog, hiddenFog } from '../fog/fog.ts'
import { boundsOfTile, TILE, type TilePlace } from './pyramid.ts'

/** Levels up to this one have a fog block of at least one pixel. */
const BLOCK_LEVELS = Math.log2(FOG_BLOCK)

/**
 * The visible pixels of a tile. A cell is a square of `cell` × `cell` pixels, which are all visible or all hidden; `bits` has one bit a
 * cell, as a fog has for its blocks. Equal bits at one place mean equal pixels, so they name the tile's state.
 */
export type TileMask = {
  readonly cell: number
  readonly columns: number
  readonly rows: number
  readonly bits: Uint8Array
}

/**
 * Masks of the tiles of one fog. A pixel of a level is visible only if all of the picture behind it is revealed: with levels that are
 * means, no hidden colour is in a visible pixel.
 */
export class TileMasks {
  /** The fog of each level beyond those of whole blocks: a block of one is revealed if the four below it are. */
  readonly #fogs: Fog[]

  constructor(fog: Fog) {
    this.#fogs = [fog]
  }

  /** Null where the map has no such tile. */
  maskOf(place: TilePlace): TileMask | null {
    const fog = this.#fogOf(place.level)
    const bounds = boundsOfTile(this.#fogOf(0).size, place)
    if (!bounds) return null
    const cell = Math.max(1, FOG_BLOCK / 2 ** place.level)
    const [columns, rows] = [Math.ceil(bounds.width / cell), Math.ceil(bounds.height / cell)]
    const perTile = TILE / cell
    const stride = Math.ceil(columns / 8)
    const bits = new Uint8Array(stride * rows)
    // A tile begins at a byte of the fog's rows, because a tile has at least 32 cells a row.
    const firstByte = (place.column * perTile) / 8
    for (let row = 0; row < rows; row++) {
      const from = (place.row * perTile + row) * fog.stride + firstByte
      bits.set(fog.bits.subarray(from, from + stride), row * stride)
    }
    return { cell, columns, rows, bits }
  }

  #fogOf(level: number): Fog {
    const depth = Math.max(0, level - BLOCK_LEVELS)
    for (let known = this.#fogs.at(-1); known && this.#fogs.length <= depth; known = this.#fogs.at(-1))
      this.#fogs.push(halved(known))
    const fog = this.#fogs[depth]
    if (!fog) throw new RangeError(`there is no level ${level}`)
    return fog
  }
}

/** Whether no pixel of the tile is visible. Such a tile has no address. */
export const isHidden = ({ bits }: TileMask): boolean => bits.every((byte) => byte === 0)

/** Half as many blocks in each direction. A block over the picture's edge needs only those that exist. Works on eight blocks at a time. */
function halved({ columns, rows, stride, bits }: Fog): Fog {
  const half = hiddenFog({ width: Math.ceil(columns / 2) * FOG_BLOCK, height: Math.ceil(rows / 2) * FOG_BLOCK })
  const inLast = columns & 7
  /** Blocks beyond the last column count as revealed. */
  const beyond = inLast === 0 ? 0 : 0xff & ~((1 << inLast) - 1)
  const both = (upper: number, lower: number, byte: number) => {
    if (byte >= stride) return 0xff
    const rest = byte === stride - 1 ? beyond : 0
    return ((bits[upper + byte] ?? 0) & (bits[lower + byte] ?? 0)) | rest
  }
  for (let row = 0; row < half.rows; row++) {
    const upper = row * 2 * stride
    const lower = row * 2 + 1 < rows ? upper + stride : upper
    for (let byte = 0; byte < half.stride; byte++)
      half.bits[row * half.stride + byte] =
        pairsOf(both(upper, lower, byte * 2)) | (pairsOf(both(upper, lower, byte * 2 + 1)) << 4)
    const end = row * half.stride + half.stride - 1
    if (half.columns % 8 !== 0) half.bits[end] = (half.bits[end] ?? 0) & ((1 << (half.columns % 8)) - 1)
  }
  return half
}

/** Four bits: whether both bits of each pair of a byte are set. */
function pairsOf(byte: number): number {
  const set = byte & (byte >> 1)
  return (set & 1) | ((set >> 1) & 2) | ((set >> 2) & 4) | ((set >> 3) & 8)
}
