// Whether somebody may carry out an operation on pictures: the rights of the contract, and the character that it is about.
import { type CampaignState, type PictureOperation, pictureRights, TablecastError } from '@tablecast/contracts'
import type { Actor } from '@tablecast/narrator'

/**
 * Throws NOT_THE_DM for an operation that is the DM's, and FORBIDDEN for a character that is not the player's. A hidden character is
 * answered as one that does not exist.
 */
export function assertMayOperate(
  { characters }: CampaignState,
  { id: userId, role }: Actor,
  operation: PictureOperation,
): void {
  if (role !== 'player') return
  if (pictureRights[operation.type] === 'dm' || !('characterId' in operation))
    throw new TablecastError('NOT_THE_DM', 'Only a DM of this room can do that.')
  const character = characters.find(({ id }) => id === operation.characterId)
  if (!character?.visible || character.ownerId !== userId)
    throw new TablecastError('FORBIDDEN', 'This is not your character. The DM can do that.')
}
