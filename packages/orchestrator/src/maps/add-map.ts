// A new map: of a picture that was uploaded for one, or an empty one.
import {
  type CampaignState,
  type GameMap,
  type MapGrid,
  type MapOperation,
  type MapSight,
  MAX_MAP_PIXELS,
  MIN_MAP_SIDE,
  NO_NAME,
  type Picture,
  TablecastError,
} from '@tablecast/contracts'
import type { Work } from '../campaign-changes.ts'
import { noWalls, type Walls } from './walls.ts'

type AddMap = Extract<MapOperation, { type: 'addMap' }>

const usualGrid: MapGrid = { kind: 'square', size: 70, offset: { x: 0, y: 0 }, scale: 5, unit: 'ft' }
/** In the grid's unit. A DM may let the party see farther; each look then takes the server longer. */
const USUAL_FARTHEST = 120

export async function addMap(
  work: Work,
  state: CampaignState,
  { title, picture, grid, sight }: AddMap,
): Promise<{ state: CampaignState; madeIds: string[] }> {
  const { size, known, walls } = 'id' in picture ? await ofPicture(work, picture.id) : ofNothing(picture)
  const map: GameMap = {
    id: work.newId(),
    title,
    pictureId: known?.id ?? null,
    name: NO_NAME,
    ...size,
    grid: grid ?? walls.grid ?? usualGrid,
    sight: sight ?? sightOf(walls),
    isLocked: false,
    fog: { version: 0, change: null },
    openDoors: walls.doors.filter(({ isOpen }) => isOpen).map(({ id }) => id),
    inSight: null,
  }
  const isListed = !known || state.pictures?.some(({ id }) => id === known.id)
  return {
    state: {
      ...state,
      maps: [...(state.maps ?? []), map],
      ...(isListed ? {} : { pictures: [...(state.pictures ?? []), { ...known, name: NO_NAME }] }),
    },
    madeIds: [map.id],
  }
}

/** A file with walls is made to be seen past them. */
const sightOf = ({ walls, isDaylight }: Walls): MapSight => ({
  isOn: walls.length > 0,
  isDaylight,
  farthest: USUAL_FARTHEST,
})

type Ground = { size: Pick<GameMap, 'width' | 'height'>; known: Omit<Picture, 'name'> | null; walls: Walls }

async function ofPicture({ tables, room, memory }: Work, id: string): Promise<Ground> {
  const [row] = await tables.pictures.find(room.id, [id])
  if (!row) throw new TablecastError('NOT_FOUND', 'This picture is not here any more. Choose or upload another.')
  const { width, height, thumbhash } = row
  if (row.tileLevels === null)
    throw new TablecastError('VALIDATION_FAILED', 'This picture was not uploaded for a map. Upload it again, as a map.')
  if (Math.min(width, height) < MIN_MAP_SIDE)
    throw new TablecastError(
      'VALIDATION_FAILED',
      `A map is at least ${MIN_MAP_SIDE} pixels wide and high. Choose a larger picture.`,
    )
  if (row.unusedSince !== null) await tables.pictures.markUnused(room.id, [id], null)
  return {
    size: { width, height },
    known: { id, width, height, thumbhash },
    walls: await memory.wallsOf(tables, room.id, id),
  }
}

function ofNothing({ width, height }: { width: number; height: number }): Ground {
  if (width * height > MAX_MAP_PIXELS)
    throw new TablecastError(
      'VALIDATION_FAILED',
      `A map has at most ${MAX_MAP_PIXELS.toLocaleString('en')} pixels. Choose a smaller one.`,
    )
  return { size: { width, height }, known: null, walls: noWalls }
}
