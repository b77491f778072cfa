// The names of the tiles of a fog. A change of the fog gives new names to the tiles that it touches alone.
import type { MapTile } from '@tablecast/contracts'
import { FOG_BLOCK, type Fog } from '@tablecast/maps/fog'
import { tileName } from '@tablecast/maps/tile-name'
import { isHidden, levelsOf, sizeOfLevel, TILE, type TilePlace, TileMasks } from '@tablecast/maps/tiles'

type Names = ReadonlyMap<string, MapTile>

/** `tiles`: those with a visible pixel, by id. */
type Known = { fog: Fog; tiles: Names }

/** A rectangle of blocks; the last ones are left out. */
type Blocks = { left: number; top: number; right: number; bottom: number }

/** The tiles of a fog that have a visible pixel, by id. `known`: of a fog with the same key, for the parts that have not changed. */
export function namedTiles(key: string, fog: Fog, known: Known | null): Names {
  const isSameSize = known?.fog.bits.length === fog.bits.length && known.fog.stride === fog.stride
  const changed = known && isSameSize ? changedBlocks(known.fog, fog) : wholeFog(fog)
  if (known && !changed) return known.tiles
  const tiles = new Map(known && isSameSize ? known.tiles : [])
  const masks = new TileMasks(fog)
  for (const place of changed ? tilesOver(fog, changed) : []) {
    const id = `${place.level}-${place.column}-${place.row}`
    const mask = masks.maskOf(place)
    if (!mask || isHidden(mask)) tiles.delete(id)
    else tiles.set(id, Object.freeze({ id, name: tileName(key, id, mask) }))
  }
  return tiles
}

const wholeFog = ({ columns, rows }: Fog): Blocks => ({ left: 0, top: 0, right: columns, bottom: rows })

/** The rectangle around the blocks in which two fogs of one size differ, in whole bytes. Null where they are equal. */
function changedBlocks(before: Fog, after: Fog): Blocks | null {
  let [left, top, right, bottom] = [Infinity, Infinity, 0, 0]
  const { stride } = after
  for (let row = 0; row < after.rows; row++)
    for (let byte = 0; byte < stride; byte++) {
      const at = row * stride + byte
      if (before.bits[at] === after.bits[at]) continue
      left = Math.min(left, byte * 8)
      right = Math.max(right, byte * 8 + 8)
      top = Math.min(top, row)
      bottom = row + 1
    }
  return bottom === 0 ? null : { left, top, right, bottom }
}

/** The tiles of all levels that lie over these blocks. */
function* tilesOver({ size }: Fog, { left, top, right, bottom }: Blocks): Generator<TilePlace> {
  for (let level = 0; level < levelsOf(size); level++) {
    const { width, height } = sizeOfLevel(size, level)
    const side = TILE * 2 ** level
    const [lastColumn, lastRow] = [Math.ceil(width / TILE) - 1, Math.ceil(height / TILE) - 1]
    const until = (block: number, last: number) => Math.min(last, Math.ceil((block * FOG_BLOCK) / side) - 1)
    for (let row = Math.floor((top * FOG_BLOCK) / side); row <= until(bottom, lastRow); row++)
      for (let column = Math.floor((left * FOG_BLOCK) / side); column <= until(right, lastColumn); column++)
        yield { level, column, row }
  }
}
