import {
  type CampaignState,
  MAX_AREAS,
  MAX_MAPS,
  MAX_PLAYER_AREAS,
  MAX_TOKENS,
  TablecastError,
} from '@tablecast/contracts'

/** Throws VALIDATION_FAILED with a sentence where a campaign would hold too many. */
export function mustFit({ maps, tokens, areas }: CampaignState): void {
  if ((maps?.length ?? 0) > MAX_MAPS)
    throw tooMany(`A campaign holds at most ${MAX_MAPS} maps. Remove one that you no longer need.`)
  if ((tokens?.length ?? 0) > MAX_TOKENS)
    throw tooMany(`The maps of a campaign hold at most ${MAX_TOKENS} tokens. Remove some that you no longer need.`)
  if ((areas?.length ?? 0) > MAX_AREAS)
    throw tooMany(`The maps of a campaign hold at most ${MAX_AREAS} areas. Remove one that you no longer need.`)
}

/** A player must not take all areas of the others. */
export function mustFitPlayer({ areas }: CampaignState, userId: string): void {
  const own = areas?.filter(({ ownerId }) => ownerId === userId) ?? []
  if (own.length > MAX_PLAYER_AREAS)
    throw tooMany(`You can place at most ${MAX_PLAYER_AREAS} areas. Remove one that you no longer need.`)
}

const tooMany = (sentence: string) => new TablecastError('VALIDATION_FAILED', sentence)
