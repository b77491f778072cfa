import type { MapSize } from '../point.ts'

/** The side of a tile, in pixels of its level. */
export const TILE = 512

/**
 * A map's picture in levels: level 0 is the picture itself, and each further one has half the width and height, rounded up. A pixel of a
 * level is the mean of the two by two pixels below it. The last level fits into one tile.
 */
export function levelsOf({ width, height }: MapSize): number {
  let levels = 1
  for (let side = Math.max(width, height); side > TILE; side = Math.ceil(side / 2)) levels++
  return levels
}

/** Of a level, in its own pixels. */
export function sizeOfLevel({ width, height }: MapSize, level: number): MapSize {
  const scale = 2 ** level
  return { width: Math.ceil(width / scale), height: Math.ceil(height / scale) }
}

/** A tile: its level, and its place in columns and rows of tiles. */
export type TilePlace = { readonly level: number; readonly column: number; readonly row: number }

/** Where a tile lies in its level, in the level's pixels. Null where the map has no such tile. */
export function boundsOfTile(
  size: MapSize,
  { level, column, row }: TilePlace,
): (MapSize & { left: number; top: number }) | null {
  if (level < 0 || level >= levelsOf(size) || column < 0 || row < 0) return null
  const whole = sizeOfLevel(size, level)
  const [left, top] = [column * TILE, row * TILE]
  if (left >= whole.width || top >= whole.height) return null
  return { left, top, width: Math.min(TILE, whole.width - left), height: Math.min(TILE, whole.height - top) }
}
