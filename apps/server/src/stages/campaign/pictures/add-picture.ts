// The row of a picture whose content is stored.
import { randomUUID } from 'node:crypto'
import { changeRoom, memberCaller, type Right } from '@tablecast/orchestrator'
import type { PictureRow, Repositories, Store } from '@tablecast/store'
import type { Identity } from '../../../transport/identity.ts'
import { notYourCharacter, roomFull } from './upload-refused.ts'

/** `characterId`: the character whose portrait it becomes; null for any other use. */
export type PictureOwner = { roomId: string; characterId: string | null; identity: Identity }

/** `wallsText`: of a Universal VTT file, see `writeWalls`; null for a picture alone. */
export type StoredPicture = Pick<PictureRow, 'hash' | 'width' | 'height' | 'thumbhash' | 'bytes' | 'tileLevels'> & {
  wallsText: string | null
}

export type UploadedPicture = Pick<PictureRow, 'id' | 'width' | 'height' | 'thumbhash' | 'bytes'>

const DMS: Right = { roles: ['owner', 'dm'], who: 'a DM' }
const PLAYERS: Right = { roles: ['owner', 'dm', 'player'], who: 'a player or DM' }

/** DMs add any picture, and a player the portrait of a character. */
export const rightToAdd = (characterId: string | null): Right => (characterId === null ? DMS : PLAYERS)

/** Writes the row under the room's lock. Throws `UploadRefused` where the room is full, and the errors of a missing right. */
export function addPicture(
  { store, maxRoomBytes }: { store: Store; maxRoomBytes: number },
  { roomId, characterId, identity }: PictureOwner,
  picture: StoredPicture,
): Promise<UploadedPicture> {
  const request = { roomId, caller: memberCaller(identity.userId, rightToAdd(characterId)), key: null, input: null }
  const at = new Date().toISOString()
  const id = randomUUID()
  return changeRoom(store, 'pictures.upload', request, at, async ({ tables, actor }) => {
    if (actor.role === 'player') await mustOwn(tables, roomId, identity.userId, characterId)
    // A repeat after a lost answer gets the same picture.
    const known = await tables.pictures.findUploaded(roomId, picture.hash, identity.userId)
    if (known) {
      if (known.unusedSince !== null) await tables.pictures.markUnused(roomId, [known.id], at)
      return answerOf(known)
    }
    if ((await tables.pictures.usedBytes(roomId)) + picture.bytes > maxRoomBytes) throw roomFull(maxRoomBytes)
    const { hash, width, height, thumbhash, bytes, tileLevels, wallsText } = picture
    const row = { id, hash, width, height, thumbhash, bytes, uploadedBy: identity.userId, createdAt: at }
    await tables.pictures.insert(roomId, { ...row, unusedSince: at, tileLevels })
    if (wallsText !== null) await tables.maps.saveWalls(roomId, id, wallsText)
    return answerOf(row)
  })
}

const answerOf = ({ id, width, height, thumbhash, bytes }: UploadedPicture): UploadedPicture => ({
  id,
  width,
  height,
  thumbhash,
  bytes,
})

/** Throws NOT_THE_DM unless the character of the active campaign is the user's own. A hidden one is answered like one that is not there. */
export async function mustOwn(
  { rooms, campaigns }: Repositories,
  roomId: string,
  userId: string,
  characterId: string | null,
): Promise<void> {
  const campaignId = (await rooms.get(roomId))?.activeCampaignId ?? null
  const campaign = campaignId === null ? null : await campaigns.get(campaignId)
  const character = campaign?.state.characters.find(({ id }) => id === characterId)
  if (!character?.visible || character.ownerId !== userId) throw notYourCharacter()
}
