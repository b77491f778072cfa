// A picture of an archive that its DM has on this server already. It is not encoded again: that would take seconds for a map, and each
// encoding of other pictures loses a little.
import { stat } from 'node:fs/promises'
import { filesOf, type MediaStore, tileFileOf } from '@tablecast/media'
import type { PictureRow, Store } from '@tablecast/store'
import { hashOfFile, hashOfStream } from './hash-of-file.ts'
import type { StoredPicture } from './add-picture.ts'

export type KnownPictureDeps = { store: Pick<Store, 'read'>; media: MediaStore }

/** The file of a picture in an archive, and the size that the archive says. `wallsText`: of a map, where it has some. */
export type ArchivedFile = {
  userId: string
  path: string
  size: Pick<PictureRow, 'width' | 'height'>
  isOfMap: boolean
  wallsText: string | null
}

/** Those that are compared. Pictures of one size and one length are rare. */
const MAX_CANDIDATES = 8

/**
 * Null unless a room in which this person is a DM has exactly this picture. Others' rooms don't count: how long an import takes would tell
 * whether somebody has that map.
 */
export async function knownPicture(
  { store, media }: KnownPictureDeps,
  { userId, path, size, isOfMap, wallsText }: ArchivedFile,
): Promise<StoredPicture | null> {
  const like = { width: size.width, height: size.height, isOfMap }
  const candidates = await store.read(({ pictures }) => pictures.ofDm(userId, like, MAX_CANDIDATES))
  if (candidates.length === 0) return null
  const [{ size: bytes }, hash] = [await stat(path), await hashOfFile(path)]
  for (const { roomId, ...row } of candidates) {
    const walls = isOfMap ? await store.read(({ maps }) => maps.walls(roomId, row.id)) : null
    if (walls !== wallsText) continue
    const content = isOfMap ? await tileFileOf(media, row.hash, row) : await largest(media, row.hash)
    if (content?.bytes !== bytes || (await hashOfStream(content.body())) !== hash) continue
    if (await isKept(media, row)) return { ...row, wallsText }
  }
  return null
}

async function largest(media: Pick<MediaStore, 'read'>, hash: string) {
  const found = await media.read(hash, '2560')
  found?.body.destroy()
  if (!found) return null
  async function* content() {
    yield* (await media.read(hash, '2560'))?.body ?? []
  }
  return { bytes: found.bytes, body: content }
}

/** Marks all files as stored now, so that no cleaning removes them before they have another row. */
async function isKept(media: Pick<MediaStore, 'touch'>, row: PictureRow): Promise<boolean> {
  for (const file of filesOf(row)) if (!(await media.touch(row.hash, file))) return false
  return true
}
