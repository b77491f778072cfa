// Whether somebody may carry out an operation on maps: the rights of the contract, and what it is about.
import {
  type CampaignState,
  type GameMap,
  mapRights,
  mapShown,
  type MapOperation,
  TablecastError,
  type Token,
} from '@tablecast/contracts'
import type { Actor } from '@tablecast/narrator'
import { withId } from '@tablecast/rules/frozen-lists'

/**
 * Throws NOT_THE_DM for an operation that is the DM's; NOT_FOUND for another map than the one that is shown; FORBIDDEN for a token or an area that is
 * not the player's, and for a locked one. A player gets the same answer about a part that is hidden and about one that does not exist.
 */
export function assertMayOperate(state: CampaignState, actor: Actor, operation: MapOperation): void {
  if (actor.role !== 'player') return
  if (mapRights[operation.type] === 'dm') throw new TablecastError('NOT_THE_DM', 'Only a DM of this room can do that.')
  const shown = mapShown(state)
  switch (operation.type) {
    case 'moveToken':
      return assertMayMove(state, shown, actor, operation.id)
    case 'placeArea':
      if (operation.mapId !== shown?.id)
        throw new TablecastError('NOT_FOUND', 'This map is not on the table any more. Wait until the DM shows one.')
      return
    case 'removeArea': {
      const area = state.areas?.find(({ id }) => id === operation.id)
      if (area?.ownerId !== actor.id || !area.visible || area.mapId !== shown?.id)
        throw new TablecastError('FORBIDDEN', 'This is not your area. The DM can remove it.')
      return
    }
    default:
      throw new TablecastError('NOT_THE_DM', 'Only a DM of this room can do that.')
  }
}

function assertMayMove(state: CampaignState, shown: GameMap | null, actor: Actor, tokenId: string): void {
  const token = state.tokens?.find(({ id }) => id === tokenId)
  if (!shown || token?.mapId !== shown.id || !isPlayers(state, token, actor.id))
    throw new TablecastError('FORBIDDEN', 'This is not your token. The DM can move it.')
  if (shown.isLocked || token.isLocked)
    throw new TablecastError('FORBIDDEN', 'The DM has locked it. Ask the DM to move it.')
}

function isPlayers({ characters }: CampaignState, { visible, characterId }: Token, userId: string): boolean {
  const character = characterId === null ? undefined : withId(characters, characterId)
  return visible && character?.visible === true && character.ownerId === userId
}
