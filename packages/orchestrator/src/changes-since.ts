// The changes of a campaign since the version that a change was written for.
import type { StatePatch } from '@tablecast/contracts'
import type { CampaignRow, JournalRow } from '@tablecast/store'
import type { Work } from './campaign-changes.ts'
import { changeState, conflicts } from './change.ts'

/** An edit that is more changes behind is refused without a comparison. */
const MAX_BEHIND = 200

type Edit = {
  baseVersion: number
  patch: StatePatch
  /** Versions since then that the caller made and knows; only the caller's own changes among them are passed over. */
  own?: readonly number[] | undefined
}

/** True when a change since then wrote to the same fields, or too many changes have passed to tell. */
export async function isBehind(
  { tables, actor }: Work,
  campaign: CampaignRow,
  { baseVersion, patch, own = [] }: Edit,
): Promise<boolean> {
  const behind = campaign.version - baseVersion
  if (behind < 0 || behind > MAX_BEHIND) return true
  if (behind === 0) return false
  const known = new Set(own)
  const since = await tables.journal.since(campaign.id, baseVersion, MAX_BEHIND)
  const ofOthers = since.filter(({ version, actorId }) => actorId !== actor.id || !known.has(version))
  return conflicts(patch, ofOthers)
}

export async function stillFits(work: Work, campaign: CampaignRow, edit: Edit): Promise<boolean> {
  if (await isBehind(work, campaign, edit)) return false
  try {
    changeState(campaign.state, edit.patch)
    return true
  } catch {
    return false
  }
}

/** True when something was taken back since then, or too many changes have passed to tell. */
export async function tookBack({ tables }: Work, campaign: CampaignRow, baseVersion: number): Promise<boolean> {
  const since = await tables.journal.since(campaign.id, baseVersion, MAX_BEHIND)
  return campaign.version - baseVersion > MAX_BEHIND || since.some(isTakenBack)
}

/** The line of a new seed stands in the journal as an entry that belongs to no step. */
const isTakenBack = ({ kind, entryIds }: JournalRow): boolean =>
  kind === 'undo' || (kind === 'entry' && entryIds.length > 0)
