// The tiles of a map's picture, and the pixels of them that players may see.
export { boundsOfTile, levelsOf, sizeOfLevel, TILE, type TilePlace } from './pyramid.ts'
export { isHidden, type TileMask, TileMasks } from './tile-mask.ts'
export { FOG_COLOUR, maskPixels } from './mask-pixels.ts'
