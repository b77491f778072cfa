// The moments of a campaign of which people may learn on their devices while they look elsewhere.
import type { CampaignState } from '@tablecast/contracts'
import { withId } from '@tablecast/rules/frozen-lists'

/** `turn`: the turn came to a character of this person. `opens`: the campaign became the active one of the room. */
export type CampaignNotice =
  | { kind: 'turn'; roomId: string; campaignId: string; characterId: string; userId: string }
  | { kind: 'opens'; roomId: string; campaignId: string }

/** The character whose turn players see, and the person who plays it. Null for nobody's turn, a hidden character's, or a DM's. */
export function playerInTurn({ turn, characters }: CampaignState): { characterId: string; userId: string } | null {
  if (turn.current === null) return null
  const character = withId(characters, turn.current)
  if (!character?.visible || character.ownerId === null) return null
  return { characterId: character.id, userId: character.ownerId }
}
