// A turn that the narrator wrote goes into the campaign.
import { type PublishAnswer, type StatePatch, TablecastError } from '@tablecast/contracts'
import type { DraftEntry } from '@tablecast/narrator'
import type { Work } from './campaign-changes.ts'
import { stillFits, tookBack } from './changes-since.ts'
import { applyChange } from './journal-step.ts'
import { activeCampaign } from './reading.ts'

/** A turn that the narrator wrote for a campaign as it was at `baseVersion`. */
export type TurnToPublish = {
  id: string
  campaignId: string
  baseVersion: number
  entries: DraftEntry[]
  patch: StatePatch | null
  ifMoved: 'refuse' | 'leave_out'
}

/** Throws CONFLICT, as `Orchestrator.publishTurn` says, and NO_ACTIVE_CAMPAIGN. */
export async function publishWritten(
  work: Work,
  { id, campaignId, baseVersion, entries, patch, ifMoved }: TurnToPublish,
): Promise<PublishAnswer> {
  const campaign = await activeCampaign(work.tables, work.room)
  if (campaign.id !== campaignId)
    throw new TablecastError('CONFLICT', 'Another campaign is active now: open this one again to publish.')
  // No DM has read it, and the prompt may have held the words that the undo withdrew.
  if (ifMoved === 'leave_out' && (await tookBack(work, campaign, baseVersion)))
    throw new TablecastError(
      'CONFLICT',
      'Something was taken back while it was written: read it, and publish it if it still fits.',
    )
  const fits = patch === null || (await stillFits(work, campaign, { baseVersion, patch }))
  if (!fits && ifMoved === 'refuse')
    throw new TablecastError(
      'CONFLICT',
      'The changes do not fit any more: publish the words alone, or have it written again.',
      { version: campaign.version, state: campaign.state },
    )
  const ack = await applyChange(work, campaign, { patch: fits ? patch : null, entries })
  await work.tables.narrator.removeTurn(work.room.id, id)
  return { ...ack, isPatchLeftOut: !fits }
}
