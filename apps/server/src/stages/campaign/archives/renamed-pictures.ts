// A campaign's document whose pictures have other ids in the room that it comes into.
import { NO_NAME, type Picture } from '@tablecast/contracts'

type ArrivedPicture = Omit<Picture, 'name'>
type Fields = Record<string, unknown>

/**
 * The file as it was read, with the ids of arrived pictures in the places of its own. Other fields stay as they are: the report compares
 * the file with what is stored of it.
 */
export function withPictures(file: unknown, arrived: ReadonlyMap<string, ArrivedPicture>): unknown {
  if (!isFields(file) || !isFields(file['state'])) return file
  const { state } = file
  const renamed = (place: unknown): unknown => {
    const known = isFields(place) ? arrived.get(String(place['pictureId'])) : undefined
    return isFields(place) && known ? { ...place, pictureId: known.id } : place
  }
  const portrayed = (one: unknown) =>
    isFields(one) && one['portrait'] ? { ...one, portrait: renamed(one['portrait']) } : one
  const changed = {
    scenePicture: renamed(state['scenePicture']),
    handouts: eachOf(state['handouts'], renamed),
    maps: eachOf(state['maps'], renamed),
    characters: eachOf(state['characters'], portrayed),
    // The orchestrator gives the names.
    pictures: [...new Map([...arrived.values()].map((one) => [one.id, { ...one, name: NO_NAME }])).values()],
  }
  const present = Object.entries(changed).filter(([field, value]) => field === 'pictures' || value !== undefined)
  return { ...file, state: { ...state, ...Object.fromEntries(present) } }
}

const eachOf = (list: unknown, change: (item: unknown) => unknown): unknown =>
  Array.isArray(list) ? list.map(change) : list

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
