// Undo and redo of a step of a fight: the amounts that were applied go back, whatever came later.
import {
  asSentence,
  diff,
  overlaps,
  stepInWords,
  TablecastError,
  touchedPaths,
  type StatePatch,
} from '@tablecast/contracts'
import { type Change, undoChanges } from '@tablecast/rules'
import type { CampaignRow, JournalRow } from '@tablecast/store'
import type { Work } from '../campaign-changes.ts'
import { JournalRows } from '../journal-rows.ts'
import { stepOf } from '../steps.ts'

/** Later steps that are searched for the one that wrote to the same place. */
const MAX_SEARCHED = 200

/**
 * The patch that takes back what a row of the journal applied. Throws CONFLICT with `{ step, later }` when a later step wrote the same text,
 * list or turn, unless it is forced: then the value before comes back whatever it is now.
 */
export async function takeBack(
  work: Work,
  campaign: CampaignRow,
  row: JournalRow & { applied: string },
  choice: { kind: 'undo' | 'redo'; force: boolean },
): Promise<StatePatch | null> {
  // Our own text.
  const changes = JSON.parse(row.applied) as Change[]
  const { state, conflicts } = undoChanges(campaign.state, changes, { force: choice.force })
  if (conflicts.length > 0 && !choice.force) throw await changedSince(work, campaign, row, conflicts, choice.kind)
  return diff(campaign.state, { ...campaign.state, ...state })
}

async function changedSince(
  { tables, actor }: Work,
  campaign: CampaignRow,
  row: JournalRow,
  paths: readonly string[],
  kind: 'undo' | 'redo',
): Promise<TablecastError> {
  const rows = new JournalRows(tables, campaign.id)
  const since = await tables.journal.since(campaign.id, row.version, MAX_SEARCHED)
  const writer = since.findLast(({ patch }) => patch !== null && overlaps(paths, touchedPaths(patch)))
  const later = writer ? await stepOf(tables, campaign, rows, writer, writer) : null
  const entries = later ? await tables.entries.find(campaign.id, later.entryIds) : []
  const words = later ? asSentence(stepInWords(later, entries, actor.id)) : 'An earlier change of this fight.'
  return new TablecastError(
    'CONFLICT',
    `A later step changed the same, and nothing was ${kind === 'undo' ? 'undone' : 'redone'}. It is ${words} If you mean it, choose ${kind === 'undo' ? 'Undo' : 'Redo'} anyway, or write /${kind} anyway.`,
    { step: await stepOf(tables, campaign, rows, row, row), later },
  )
}
