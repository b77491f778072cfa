import type { CampaignState, SheetReference } from '@tablecast/contracts'
import { withId } from '@tablecast/rules/frozen-lists'
import type { Repositories } from '@tablecast/store'
import { type Change, changeTo } from '../change.ts'

/** The change of an undo or redo. A sheet that is not kept any more does not come back: the one of now stays. */
export async function withSheetsBack(tables: Repositories, campaignId: string, change: Change): Promise<Change> {
  const { before, after } = change
  if (before.characters === after.characters && before.requests === after.requests) return change
  const lost = await lostSheets(tables, campaignId, before, after)
  if (lost.size === 0) return change
  return changeTo(before, {
    ...after,
    characters: after.characters.map((one) => (lost.has(one.id) ? { ...one, sheet: lost.get(one.id) ?? null } : one)),
    requests: (after.requests ?? []).filter(({ id }) => !lost.has(id)),
  })
}

/** The sheets to keep, by the ids of the characters whose sheet is gone. */
async function lostSheets(
  { sheets }: Repositories,
  campaignId: string,
  before: CampaignState,
  after: CampaignState,
): Promise<ReadonlyMap<string, SheetReference | null>> {
  const lost = new Map<string, SheetReference | null>()
  for (const { id, sheet } of [...after.characters, ...(after.requests ?? [])]) {
    const now = withId(before.characters, id)?.sheet ?? before.requests?.find((one) => one.id === id)?.sheet ?? null
    if (!sheet || sheet.hash === now?.hash) continue
    if (!(await sheets.find(campaignId, id, sheet.hash))) lost.set(id, now)
  }
  return lost
}
