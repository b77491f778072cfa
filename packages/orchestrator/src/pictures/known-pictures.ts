// The pictures that were uploaded to a room.
import { type Picture, TablecastError } from '@tablecast/contracts'
import type { Repositories } from '@tablecast/store'
import type { Work } from '../campaign-changes.ts'

type KnownPicture = Omit<Picture, 'name'>

/** Those of these pictures that the room has. */
export async function knownPictures(
  tables: Repositories,
  roomId: string,
  ids: readonly string[],
): Promise<KnownPicture[]> {
  return (await tables.pictures.find(roomId, ids)).map(toPicture)
}

/** A picture that is to be shown: it no longer counts as unused. Throws NOT_FOUND, for a player also for somebody else's. */
export async function usedPicture({ tables, room, actor }: Work, id: string): Promise<KnownPicture> {
  const [row] = await tables.pictures.find(room.id, [id])
  const isOwn = async (uploadedBy: string) =>
    uploadedBy === actor.id || (await tables.users.get(uploadedBy))?.mergedInto === actor.id
  if (!row || (actor.role === 'player' && !(await isOwn(row.uploadedBy))))
    throw new TablecastError('NOT_FOUND', 'This picture is not here any more. Choose or upload another.')
  if (row.unusedSince !== null) await tables.pictures.markUnused(room.id, [id], null)
  return toPicture(row)
}

const toPicture = ({ id, width, height, thumbhash }: KnownPicture): KnownPicture => ({ id, width, height, thumbhash })
