// An operation on maps as one step of the journal.
import { type CampaignState, type MapOperation, type OperateMapsAnswer, TablecastError } from '@tablecast/contracts'
import type { CampaignRow } from '@tablecast/store'
import type { Work } from '../campaign-changes.ts'
import { changeTo } from '../change.ts'
import { storeChange } from '../journal-step.ts'
import { addMap } from './add-map.ts'
import { changeFog } from './change-fog.ts'
import { areaIn, mapIn, withMap } from './find.ts'
import { Fogs } from './fogs.ts'
import { mustFit as mustFitPictures } from '../pictures/limits.ts'
import { picturesNamed } from '../pictures/settle.ts'
import { mustFit, mustFitPlayer } from './limits.ts'
import { assertMayOperate } from './right.ts'
import { addTokens, editToken, moveToken, removeTokens } from './tokens.ts'

/** The state to come. `madeIds`: of the map, the tokens or the area that the operation made. */
type Next = { state: CampaignState; madeIds?: string[] }

/**
 * Call it in the transaction of the change. Throws NOT_THE_DM, FORBIDDEN, NOT_FOUND for a part that is not there, and VALIDATION_FAILED where
 * the campaign would hold too many.
 */
export async function operate(work: Work, campaign: CampaignRow, operation: MapOperation): Promise<OperateMapsAnswer> {
  assertMayOperate(campaign.state, work.actor, operation)
  const fogs = new Fogs(work.tables, campaign.id)
  const { state, madeIds = [] } = await next(work, campaign.state, operation, fogs)
  mustFit(state)
  mustFitPictures(state, picturesNamed(state).size)
  const change = changeTo(campaign.state, state)
  const ack = await storeChange(work, campaign, { change, entries: [], fogs, operation: inJournal(operation) })
  return { ...ack, madeIds }
}

async function next(work: Work, state: CampaignState, operation: MapOperation, fogs: Fogs): Promise<Next> {
  switch (operation.type) {
    case 'addMap':
      return addMap(work, state, operation)
    case 'editMap': {
      const map = mapIn(state, operation.id)
      const { title = map.title, grid = map.grid, sight = map.sight, isLocked = map.isLocked } = operation
      return { state: withMap(state, map, { title, grid, sight, isLocked }) }
    }
    case 'removeMap': {
      const map = mapIn(state, operation.id)
      return { state: { ...state, maps: (state.maps ?? []).filter((one) => one !== map) } }
    }
    case 'showMap':
      return { state: { ...state, shownMap: operation.id === null ? null : { mapId: mapIn(state, operation.id).id } } }
    case 'changeFog':
      await changeFog(work, state, operation, fogs)
      return { state }
    case 'addTokens':
      return addTokens(work, state, operation)
    case 'moveToken':
      return { state: await moveToken(work, state, operation) }
    case 'editToken':
      return { state: editToken(state, operation) }
    case 'removeTokens':
      return { state: removeTokens(state, operation) }
    case 'setDoor':
      return { state: await setDoor(work, state, operation) }
    case 'placeArea':
      return placeArea(work, state, operation)
    case 'removeArea': {
      const area = areaIn(state, operation.id)
      return { state: { ...state, areas: (state.areas ?? []).filter((one) => one !== area) } }
    }
    default:
      return operation satisfies never
  }
}

async function setDoor(
  { tables, room, memory }: Work,
  state: CampaignState,
  { mapId, doorId, isOpen }: Extract<MapOperation, { type: 'setDoor' }>,
): Promise<CampaignState> {
  const map = mapIn(state, mapId)
  const { doors } = await memory.wallsOf(tables, room.id, map.pictureId)
  if (!doors.some(({ id }) => id === doorId))
    throw new TablecastError('NOT_FOUND', 'There is no such door on this map. Choose another.')
  const others = map.openDoors.filter((id) => id !== doorId)
  return withMap(state, map, { openDoors: isOpen ? [...others, doorId] : others })
}

function placeArea(
  { actor, newId }: Work,
  state: CampaignState,
  { mapId, shape, visible }: Extract<MapOperation, { type: 'placeArea' }>,
): Next {
  mapIn(state, mapId)
  const isPlayer = actor.role === 'player'
  const area = { id: newId(), mapId, shape, ownerId: actor.id, visible: visible || isPlayer }
  const placed = { ...state, areas: [...(state.areas ?? []), area] }
  if (isPlayer) mustFitPlayer(placed, actor.id)
  return { state: placed, madeIds: [area.id] }
}

/** For the words of the step: the state's patch tells nothing of fog. */
const inJournal = (operation: MapOperation): string | null =>
  operation.type === 'changeFog'
    ? JSON.stringify({ type: operation.type, mapId: operation.mapId, reveals: operation.reveals })
    : null
