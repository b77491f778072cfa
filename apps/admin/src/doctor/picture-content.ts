// The content of pictures: is it there for every picture that a room has?
import { filesOf, type MediaStore, openMediaStore } from '@tablecast/media'
import type { PictureRow, Store, StoreOptions } from '@tablecast/store'
import { messageOf, sizeOf } from '../words.ts'
import { fail, type Finding, ok, warn } from './finding.ts'

const CHECK = 'picture content'
const MAX_NAMED = 10

export async function pictureContent(store: Store, options: StoreOptions): Promise<Finding> {
  try {
    const media = openMediaStore(store, options)
    const files = new Map<string, number>()
    let bytes = 0
    for await (const file of media.list()) {
      files.set(file.hash, (files.get(file.hash) ?? 0) + 1)
      bytes += file.bytes
    }
    const missing: string[] = []
    let looked = 0
    for (const { roomId } of await store.read(({ pictures }) => pictures.totals()))
      for (const picture of await store.read(({ pictures }) => pictures.list(roomId))) {
        looked += 1
        if (files.get(picture.hash) === filesOf(picture).length) continue
        // Servers add and remove pictures meanwhile.
        if (await isMissing(store, media, roomId, picture)) missing.push(`${roomId}/${picture.id}`)
      }
    if (missing.length === 0) return ok(CHECK, `${looked} pictures, ${sizeOf(bytes)}`)
    return warn(
      CHECK,
      `the content of ${missing.length} is missing: ${missing.slice(0, MAX_NAMED).join(', ')}`,
      'restore a backup that holds pictures, or let the DMs choose others',
    )
  } catch (error) {
    return fail(CHECK, messageOf(error), 'check the disk, and the owner of the folder media in DATA_DIR')
  }
}

async function isMissing(store: Store, media: MediaStore, roomId: string, picture: PictureRow): Promise<boolean> {
  for (const variant of filesOf(picture)) {
    const found = await media.read(picture.hash, variant)
    found?.body.destroy()
    if (!found) return (await store.read(({ pictures }) => pictures.find(roomId, [picture.id]))).length > 0
  }
  return false
}
