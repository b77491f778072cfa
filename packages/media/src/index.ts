// Takes pictures, keeps their content and gives it back. Nothing else decodes pictures. The encoder is apart, because a server loads it
// with its first upload.
export { isDiskFull, PictureRefused } from './picture-refused.ts'
export { contentOf } from './content-of.ts'
export { arePicturesKept, keepPictures } from './keeping.ts'
export type { MediaStore } from './media-store.ts'
export { mediaFolder, openMediaStore } from './open-media-store.ts'
export { PictureReader, type ReadMap, type ReadPicture } from './picture-reader.ts'
export { RecentContent } from './recent-content.ts'
export { readTile } from './stored-tile.ts'
export { TileRenderer } from './tile-renderer.ts'
export { isTileFile, sizeOfTileFile, tileFileOf } from './tile-file.ts'
export { filesOf, packTiles, tileRowOf, tileRowsOf, unpackTiles } from './tile-row.ts'
export { isVariant, type StoredVariant, type Variant, variants } from './variants.ts'
