// Takes pictures, keeps their content and gives it back. Nothing else decodes pictures. The encoder is apart, because a server loads it
// with its first upload.
export { isDiskFull, PictureRefused } from './picture-refused.ts'
export { contentOf } from './content-of.ts'
export { arePicturesKept, keepPictures } from './keeping.ts'
export type { MediaStore } from './media-store.ts'
export { mediaFolder, openMediaStore } from './open-media-store.ts'
export { PictureReader, type ReadPicture } from './picture-reader.ts'
export { RecentContent } from './recent-content.ts'
export { isVariant, type Variant, variants } from './variants.ts'
