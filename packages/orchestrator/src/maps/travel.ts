// Fogs on their way out of a room in an export, and into one with an import or a copy. Their keys never travel.
import { type CampaignState, type ExportedFog, TablecastError } from '@tablecast/contracts'
import { changed, differenceOf, type Fog, hiddenFog, readChange, writeChange } from '@tablecast/maps/fog'
import type { Repositories } from '@tablecast/store'
import { Fogs } from './fogs.ts'
import { type SettleDeps, settleMaps } from './settle-maps.ts'

/** By the maps' ids. A map without one is all hidden. */
export type ArrivingFogs = ReadonlyMap<string, Fog>

/** A campaign without a revealed map has the same document as before. */
export async function exportedFogs(
  tables: Repositories,
  campaign: { id: string; state: CampaignState },
): Promise<{ fogs?: ExportedFog[] }> {
  const fogs: ExportedFog[] = []
  for (const [mapId, fog] of await fogsOf(tables, campaign)) {
    const revealed = differenceOf(hiddenFog(fog.size), fog)
    if (revealed) fogs.push({ mapId, revealed: writeChange(revealed) })
  }
  return fogs.length > 0 ? { fogs } : {}
}

/** Of all maps of a campaign. */
export async function fogsOf(
  tables: Repositories,
  { id, state }: { id: string; state: CampaignState },
): Promise<ArrivingFogs> {
  const fogs = new Fogs(tables, id)
  const found = new Map<string, Fog>()
  for (const map of state.maps ?? []) found.set(map.id, await fogs.of(map))
  return found
}

/** Throws VALIDATION_FAILED for a damaged fog. One of a map that the state lacks is left out. */
export function readFogs(maps: CampaignState['maps'], given: readonly ExportedFog[] = []): ArrivingFogs {
  const read = new Map<string, Fog>()
  for (const { mapId, revealed } of given) {
    const map = maps?.find(({ id }) => id === mapId)
    if (!map) continue
    const hidden = hiddenFog({ width: map.width, height: map.height })
    try {
      read.set(mapId, changed(hidden, readChange(revealed, hidden)))
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw new TablecastError(
        'VALIDATION_FAILED',
        'The fog of a map in the file is damaged. Export the campaign again.',
      )
    }
  }
  return read
}

/** The state of a new campaign with these fogs. Save them after the campaign. */
export async function arrivingMaps(
  deps: SettleDeps,
  { id, state }: { id: string; state: CampaignState },
  given: ArrivingFogs,
): Promise<{ state: CampaignState; fogs: Fogs }> {
  const fogs = new Fogs(deps.tables, id)
  if ((state.maps ?? []).length === 0)
    return { state: (state.tiles ?? []).length === 0 ? state : { ...state, tiles: [] }, fogs }
  for (const map of state.maps ?? []) {
    const fog = given.get(map.id)
    if (fog) await fogs.edit(map, fog)
  }
  return { state: await settleMaps(deps, null, state, fogs), fogs }
}
