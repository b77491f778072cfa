import { type CampaignState, MAX_HANDOUTS, MAX_PICTURES, TablecastError } from '@tablecast/contracts'

/** Throws VALIDATION_FAILED with a sentence. `pictures`: the number of pictures that the state names. */
export function mustFit({ handouts }: CampaignState, pictures: number): void {
  if ((handouts?.length ?? 0) > MAX_HANDOUTS)
    throw new TablecastError(
      'VALIDATION_FAILED',
      `A campaign holds at most ${MAX_HANDOUTS} handouts. Remove one that you no longer need.`,
    )
  if (pictures > MAX_PICTURES)
    throw new TablecastError(
      'VALIDATION_FAILED',
      `A campaign shows at most ${MAX_PICTURES} pictures. Remove one that you no longer need.`,
    )
}
