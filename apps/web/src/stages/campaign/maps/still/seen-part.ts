import type { MapTile, PlayerToken } from '@tablecast/contracts'
import { TILE } from '@tablecast/maps/tiles'
import type { Part } from '../view/map-view.ts'
import type { TableMap } from '../view/table-map.ts'

type Map = Pick<TableMap, 'width' | 'height' | 'grid'>

/** The smallest part of a map with every tile that players see something of, and every token. The whole map where they see nothing. */
export function seenPart(
  { width, height, grid }: Map,
  tiles: readonly MapTile[],
  tokens: readonly Pick<PlayerToken, 'x' | 'y' | 'size'>[],
): Part {
  const ofTiles = tiles.flatMap(({ id }): Part[] => {
    const [level, column, row] = id.split('-').map(Number)
    if (level !== 0 || column === undefined || row === undefined) return []
    const [left, top] = [column * TILE, row * TILE]
    return [{ left, top, right: left + TILE, bottom: top + TILE }]
  })
  const ofTokens = tokens.map(({ x, y, size }): Part => {
    const side = size * grid.size
    return { left: x - side, top: y - side, right: x + side, bottom: y + side }
  })
  const all = [...ofTiles, ...ofTokens]
  if (all.length === 0) return { left: 0, top: 0, right: width, bottom: height }
  return {
    left: Math.max(0, Math.min(...all.map(({ left }) => left))),
    top: Math.max(0, Math.min(...all.map(({ top }) => top))),
    right: Math.min(width, Math.max(...all.map(({ right }) => right))),
    bottom: Math.min(height, Math.max(...all.map(({ bottom }) => bottom))),
  }
}
