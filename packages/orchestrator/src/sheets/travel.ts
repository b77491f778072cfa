// Sheets on their way out of a campaign in an export, and into one with an import.
import { contentHash, Sheet } from '@tablecast/bestiary'
import type { CampaignDocument, CampaignState, ExportedSheet, SheetReference } from '@tablecast/contracts'
import type { Repositories } from '@tablecast/store'
import { storeSheet } from './stored-sheets.ts'

type Owner = { id: string; sheet?: SheetReference | null | undefined }

const ownersOf = ({ characters, requests }: CampaignState): Owner[] => [...characters, ...(requests ?? [])]

/** Those that the state names. A campaign without any has the same document as before. */
export async function exportedSheets(
  { sheets }: Repositories,
  { id, state }: { id: string; state: CampaignState },
): Promise<Pick<CampaignDocument, 'sheets'>> {
  const owners = ownersOf(state).filter((one) => one.sheet)
  if (owners.length === 0) return {}
  const rows = new Map((await sheets.all(id)).map((row) => [`${row.characterId} ${row.hash}`, row]))
  const found = owners.flatMap((owner) => {
    const row = rows.get(`${owner.id} ${owner.sheet?.hash}`)
    return row ? [{ id: owner.id, sheet: Sheet.parse(JSON.parse(row.text)) }] : []
  })
  return found.length > 0 ? { sheets: found } : {}
}

/** The sheets of a document, with the references that a new campaign has to them. */
export type ArrivingSheets = readonly { id: string; sheet: Sheet; reference: SheetReference }[]

/** Sheets that nothing in the state asks for are left out. */
export async function readSheets(
  state: CampaignState | undefined,
  arriving: readonly ExportedSheet[] = [],
): Promise<ArrivingSheets> {
  const known = new Set(state ? ownersOf(state).map(({ id }) => id) : [])
  const wanted = arriving.filter(({ id }) => known.has(id))
  return Promise.all(wanted.map(async (one) => ({ ...one, reference: { hash: await contentHash(one.sheet) } })))
}

/** The same state, which refers to these sheets and to no others. A request without a sheet goes. */
export function withReferences(state: CampaignState, arriving: ArrivingSheets): CampaignState {
  const references = new Map(arriving.map(({ id, reference }) => [id, reference]))
  const isSame = ownersOf(state).every(({ id, sheet }) => sheet?.hash === references.get(id)?.hash)
  if (isSame) return state
  return {
    ...state,
    characters: state.characters.map((one) => {
      const sheet = references.get(one.id)
      return one.sheet?.hash === sheet?.hash ? one : { ...one, sheet: sheet ?? null }
    }),
    requests: (state.requests ?? []).flatMap((one) => {
      const sheet = references.get(one.id)
      return sheet ? [{ ...one, sheet }] : []
    }),
  }
}

/** Call it when the campaign is stored. */
export async function storeArriving(
  tables: Repositories,
  { campaignId, at }: { campaignId: string; at: string },
  arriving: ArrivingSheets,
): Promise<void> {
  for (const { id, sheet } of arriving) await storeSheet(tables, { campaignId, characterId: id, at }, sheet)
}
