// A stroke of a DM that reveals or hides a part of a map.
import type { CampaignState, FogStroke, GameMap, MapOperation } from '@tablecast/contracts'
import { blocksOf, changed, type Fog, revealedFog, roomAround, strokeOf } from '@tablecast/maps/fog'
import type { Work } from '../campaign-changes.ts'
import { mapIn } from './find.ts'
import type { Fogs } from './fogs.ts'
import { barriersOn } from './sight.ts'

type ChangeFog = Extract<MapOperation, { type: 'changeFog' }>

export async function changeFog(
  work: Work,
  state: CampaignState,
  { mapId, stroke, reveals }: ChangeFog,
  fogs: Fogs,
): Promise<void> {
  const map = mapIn(state, mapId)
  const fog = await fogs.of(map)
  const change = strokeOf(fog, await blocksOfStroke(work, map, stroke), reveals)
  if (change) await fogs.edit(map, changed(fog, change))
}

async function blocksOfStroke({ tables, room, memory }: Work, map: GameMap, stroke: FogStroke): Promise<Fog> {
  const { width, height } = map
  switch (stroke.kind) {
    case 'all':
      return revealedFog({ width, height })
    case 'room': {
      const walls = await memory.wallsOf(tables, room.id, map.pictureId)
      return roomAround(stroke.at, barriersOn(map, walls), { width, height })
    }
    default:
      return blocksOf(stroke, { width, height })
  }
}
