// An undo or a redo of pictures looks up two things: members who are gone, and pictures that the state no longer knows.
import { type CampaignState, findPicture, NO_NAME } from '@tablecast/contracts'
import { type Change, changeTo } from '../change.ts'
import type { RoomChange } from '../room-change.ts'
import { picturesNamed } from './settle.ts'
import { knownPictures } from './known-pictures.ts'
import { withPlayersOnly } from './players-only.ts'

type Room = Pick<RoomChange, 'tables' | 'room'>

/** The change of an undo or redo. Nobody gets back what they may not see by now, and a picture comes back while the room still has it. */
export async function withPicturesBack(room: Room, change: Change): Promise<Change> {
  const { before, after } = change
  if (before.handouts === after.handouts && before.pictures === after.pictures) return change
  const admitted = await withPlayersOnly(room, after)
  const wanted = await withMissingPictures(room, admitted)
  return wanted === after ? change : changeTo(before, wanted)
}

async function withMissingPictures({ tables, room }: Room, state: CampaignState): Promise<CampaignState> {
  const missing = [...picturesNamed(state)].filter((id) => !findPicture(state.pictures, id))
  if (missing.length === 0) return state
  const found = await knownPictures(tables, room.id, missing)
  if (found.length === 0) return state
  return { ...state, pictures: [...(state.pictures ?? []), ...found.map((picture) => ({ ...picture, name: NO_NAME }))] }
}
