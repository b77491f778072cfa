import { FOG_BLOCK, type Fog, hiddenFog, isRevealed, revealRow } from '../fog/fog.ts'
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

/** Half as many blocks in each direction. A block over the picture's edge needs only those that exist. */
function halved(fog: Fog): Fog {
  const size = { width: Math.ceil(fog.columns / 2) * FOG_BLOCK, height: Math.ceil(fog.rows / 2) * FOG_BLOCK }
  const half = hiddenFog(size)
  const isGone = (column: number, row: number) => column >= fog.columns || row >= fog.rows
  for (let row = 0; row < half.rows; row++)
    for (let column = 0; column < half.columns; column++) {
      const below = [0, 1].flatMap((down) => [0, 1].map((right) => [column * 2 + right, row * 2 + down] as const))
      if (below.every(([x, y]) => isGone(x, y) || isRevealed(fog, x, y))) revealRow(half, row, column, column + 1)
    }
  return half
}
