import { join } from 'node:path'
import type { Store } from '@tablecast/store'
import { FileMedia } from './file-media.ts'
import type { MediaStore } from './media-store.ts'
import { TableMedia } from './table-media.ts'

/** The folder for the content of pictures and for uploads that are under way. */
export const mediaFolder = (dataDir: string): string => join(dataDir, 'media')

/** Files beside an embedded database; tables where nodes share a database. Creates nothing before the first picture. */
export const openMediaStore = (store: Store, { dataDir }: { dataDir: string }): MediaStore =>
  store.kind === 'sqlite' ? new FileMedia(mediaFolder(dataDir)) : new TableMedia(store)
