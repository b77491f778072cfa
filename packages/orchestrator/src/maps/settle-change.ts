import { type Change, withFogParts } from '../change.ts'
import type { Repositories } from '@tablecast/store'
import type { Fogs } from './fogs.ts'
import type { MapMemory } from './map-memory.ts'
import { settleMaps } from './settle-maps.ts'

/** A change with the parts that follow from fog: what is stored and sent. The caller saves the fogs. */
export async function settleChange(
  { tables, memory }: { tables: Repositories; memory: MapMemory },
  roomId: string,
  change: Change,
  fogs: Fogs,
): Promise<Change> {
  const settled = await settleMaps({ tables, roomId, memory }, change.before, change.after, fogs)
  return settled === change.after ? change : withFogParts(change, settled)
}
