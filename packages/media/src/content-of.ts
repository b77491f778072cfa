import type { PictureContent } from '@tablecast/store'
import type { MediaStore } from './media-store.ts'
import { isStoredVariant, type StoredVariant } from './variants.ts'

/** A media store as a backup and a restore use it. Its files are checked: a file of somebody else may name anything. */
export const contentOf = (media: MediaStore): PictureContent => ({
  list: () => media.list(),
  read: (hash, variant) => media.read(hash, known(variant)),
  put: (hash, variant, content) => media.put(hash, known(variant), content),
})

function known(variant: string): StoredVariant {
  if (!isStoredVariant(variant)) throw new Error(`there is no size ${variant} of a picture`)
  return variant
}
