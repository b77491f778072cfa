// The steps that an undo and a redo take next, with their authors and what they changed.
import { describeStep, type Step, type StepPerson } from '@tablecast/contracts'
import type { CampaignRow, JournalRow } from '@tablecast/store'
import type { JournalRows } from './journal-rows.ts'
import type { RoomChange } from './room-change.ts'

type Repositories = RoomChange['tables']

/** Journals of older versions hold chains of redos. The search for the original change ends after this number. */
const MOST_HOPS = 20
/** A step with more entries than that is recognised by its first ones. */
const MOST_ENTRIES = 3

/** `row`: the step to undo. Null when there is nothing to undo. */
export async function nextUndo(
  tables: Repositories,
  campaign: CampaignRow,
  rows: JournalRows,
): Promise<{ row: JournalRow; step: Step } | null> {
  const row = await rows.get(campaign.undoHead)
  return row && { row, step: await stepOf(tables, campaign, rows, row, row) }
}

/** `undo`: the undo to take back. `change`: the change to make again. Null when there is nothing to redo. */
export async function nextRedo(
  tables: Repositories,
  campaign: CampaignRow,
  rows: JournalRows,
): Promise<{ undo: JournalRow; change: JournalRow; step: Step } | null> {
  const undo = await rows.get(campaign.redoHead)
  const change = undo && (await rows.get(undo.target))
  return undo && change && { undo, change, step: await stepOf(tables, campaign, rows, undo, change) }
}

/** `made`: the row that is taken back. `change`: the row whose changes it names. */
export async function stepOf(
  tables: Repositories,
  campaign: CampaignRow,
  rows: JournalRows,
  made: JournalRow,
  change: JournalRow,
): Promise<Step> {
  const origin = await originOf(rows, change)
  const of = await authorOf(tables, campaign, origin)
  const by = made.actorId === origin.actorId ? of : await authorOf(tables, campaign, made)
  const changes = describeStep(campaign.state, change)
  return { step: made.version, by, of, changes, entryIds: change.entryIds.slice(0, MOST_ENTRIES) }
}

/** Null if the author is unknown. */
async function authorOf(tables: Repositories, campaign: CampaignRow, row: JournalRow): Promise<StepPerson | null> {
  const known = await findPerson(tables, campaign.roomId, row.actorId)
  if (known) return known
  // A program is no member, and a guest may have left the room. Their entries still carry the name.
  const entries = await tables.entries.find(campaign.id, row.entryIds)
  const author = entries.find((entry) => entry.author.id === row.actorId)?.author
  return author ? { id: author.id, name: author.name } : null
}

/** A redo repeats a change, and the change keeps its author. */
async function originOf(rows: JournalRows, change: JournalRow): Promise<JournalRow> {
  let origin = change
  for (let hops = 0; hops < MOST_HOPS && origin.kind === 'redo' && origin.target !== null; hops++) {
    const earlier = await rows.get(origin.target)
    if (!earlier) break
    origin = earlier
  }
  return origin
}

/** By the name that they have now, under the id that they have now: a guest may have become an account. */
async function findPerson({ rooms, users }: Repositories, roomId: string, id: string): Promise<StepPerson | null> {
  const member = await rooms.member(roomId, id)
  if (member) return { id, name: member.name }
  const user = await users.get(id)
  if (!user) return null
  if (user.mergedInto === null) return { id, name: user.name }
  const now = (await rooms.member(roomId, user.mergedInto)) ?? (await users.get(user.mergedInto))
  return { id: user.mergedInto, name: now?.name ?? user.name }
}
