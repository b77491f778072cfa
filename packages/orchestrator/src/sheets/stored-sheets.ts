// Sheets in the database: each in a row by the hash of its content, which the state names.
import { contentHash, Sheet } from '@tablecast/bestiary'
import type { SheetReference } from '@tablecast/contracts'
import type { Repositories } from '@tablecast/store'

/** Earlier sheets of a character that an undo may bring back. */
const KEPT = 20

type Place = { campaignId: string; characterId: string; at: string }

export async function storeSheet(
  { sheets }: Repositories,
  { campaignId, characterId, at }: Place,
  sheet: Sheet,
): Promise<SheetReference> {
  const hash = await contentHash(sheet)
  await sheets.put(campaignId, { characterId, hash, text: JSON.stringify(sheet) }, at)
  await sheets.keepNewest(campaignId, characterId, { count: KEPT, hash })
  return { hash }
}

/** Null for a sheet that is not there any more, because many others came after it. */
export async function readSheet(
  { sheets }: Repositories,
  campaignId: string,
  { id, sheet }: { id: string; sheet?: SheetReference | null | undefined },
): Promise<Sheet | null> {
  const row = sheet ? await sheets.find(campaignId, id, sheet.hash) : null
  return row ? Sheet.parse(JSON.parse(row.text)) : null
}
