// Whether somebody may see a sheet, or carry out an operation on it.
import {
  type CampaignState,
  type Character,
  type CharacterRequest,
  type SheetOperation,
  sheetRights,
  TablecastError,
} from '@tablecast/contracts'
import type { Actor } from '@tablecast/narrator'
import { withId } from '@tablecast/rules/frozen-lists'

type Caller = Pick<Actor, 'id' | 'role'>

/** Throws NOT_THE_DM for an operation that is the DM's, and FORBIDDEN for a character or a request that is not the player's. */
export function assertMayOperate(state: CampaignState, caller: Caller, operation: SheetOperation): void {
  if (caller.role !== 'player') return
  const right = sheetRights[operation.type]
  if (right === 'dm') throw new TablecastError('NOT_THE_DM', 'Only a DM of this room can do that.')
  if ('characterId' in operation) ownerOf(state, caller, operation.characterId)
  if ('requestId' in operation) ownerOf(state, caller, operation.requestId)
}

/** A character or a request that the caller may see the sheet of. For players, one that they may not see is as one that is not there. */
export function ownerOf(
  { characters, requests }: CampaignState,
  { id: userId, role }: Caller,
  id: string,
): Character | CharacterRequest {
  const found = withId(characters, id) ?? requests?.find((one) => one.id === id)
  if (role !== 'player') {
    if (!found) throw new TablecastError('NOT_FOUND', 'This character is not there any more. Reload the page.')
    return found
  }
  if (!found || found.ownerId !== userId || ('visible' in found && !found.visible))
    throw new TablecastError('FORBIDDEN', 'This is not your character. The DM can do that.')
  return found
}
