import type { CampaignState } from './state.ts'
import { onceForFrozen } from './frozen.ts'
import { isUnique, uniqueById } from './unique-ids.ts'

/**
 * The state as this version reads it. Call it on a state that another version may have written, from a database or a document, before
 * anything else reads it. A patch changes only fields that the state has, so the optional ones are filled in.
 */
export function healState(state: CampaignState): CampaignState {
  const whole = withUniqueIds(state)
  if (optional.every((field) => whole[field] !== undefined)) return whole
  return {
    ...whole,
    encounter: whole.encounter ?? null,
    playersHeal: whole.playersHeal ?? false,
    pictures: whole.pictures ?? [],
    handouts: whole.handouts ?? [],
    scenePicture: whole.scenePicture ?? null,
    presented: whole.presented ?? null,
    maps: whole.maps ?? [],
    shownMap: whole.shownMap ?? null,
    tokens: whole.tokens ?? [],
    areas: whole.areas ?? [],
    tiles: whole.tiles ?? [],
    requests: whole.requests ?? [],
  }
}

const optional = [
  'encounter',
  'playersHeal',
  'pictures',
  'handouts',
  'scenePicture',
  'presented',
  'maps',
  'shownMap',
  'tokens',
  'areas',
  'tiles',
  'requests',
] as const

/**
 * Keeps the first item of each id. Versions up to 0.1.0 accepted an order that named an id twice, and then stored the item twice.
 */
export function withUniqueIds(state: CampaignState): CampaignState {
  const { characters, environment, threats, beats, turn, pictures, handouts, maps, tokens, areas, tiles, requests } =
    state
  const lists = {
    characters: uniqueById(characters),
    environment: uniqueById(environment),
    threats: uniqueById(threats),
    beats: uniqueById(beats),
    ...(pictures && { pictures: uniqueById(pictures) }),
    ...(handouts && { handouts: uniqueById(handouts) }),
    ...(maps && { maps: uniqueById(maps) }),
    ...(tokens && { tokens: uniqueById(tokens) }),
    ...(areas && { areas: uniqueById(areas) }),
    ...(tiles && { tiles: uniqueById(tiles) }),
    ...(requests && { requests: uniqueById(requests) }),
  }
  const isHealthy =
    lists.characters === characters &&
    lists.environment === environment &&
    lists.threats === threats &&
    lists.beats === beats &&
    (lists.pictures ?? pictures) === pictures &&
    (lists.handouts ?? handouts) === handouts &&
    (lists.maps ?? maps) === maps &&
    (lists.tokens ?? tokens) === tokens &&
    (lists.areas ?? areas) === areas &&
    (lists.tiles ?? tiles) === tiles &&
    (lists.requests ?? requests) === requests &&
    hasUniqueOrder(turn)
  return isHealthy ? state : { ...state, ...lists, turn: { ...turn, order: [...new Set(turn.order)] } }
}

const hasUniqueOrder = onceForFrozen(({ order }: CampaignState['turn']) => isUnique(order))
