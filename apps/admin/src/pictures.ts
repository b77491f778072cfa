import { contentOf, keepPictures, openMediaStore } from '@tablecast/media'
import { openMaintenance, type PictureContent, type StoreOptions } from '@tablecast/store'

/** The content of pictures, of which nothing is removed meanwhile. By a connection of its own: a backup reads in one transaction. */
export async function openPictures(options: StoreOptions): Promise<{ content: PictureContent } & AsyncDisposable> {
  await using opened = new AsyncDisposableStack()
  const { store } = opened.use(await openMaintenance(options))
  opened.use(await keepPictures(store))
  const owned = opened.move()
  return { content: contentOf(openMediaStore(store, options)), [Symbol.asyncDispose]: () => owned.disposeAsync() }
}
