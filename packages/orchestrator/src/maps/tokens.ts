// Operations on tokens.
import { type CampaignState, type Character, type MapOperation, TablecastError, type Token } from '@tablecast/contracts'
import { isWayOpen } from '@tablecast/maps/sight'
import { withId } from '@tablecast/rules/frozen-lists'
import type { Work } from '../campaign-changes.ts'
import { mapIn, tokenIn, withToken } from './find.ts'
import { barriersOn, readInSight } from './sight.ts'

type Of<T extends MapOperation['type']> = Extract<MapOperation, { type: T }>

/** A character stands on a map once. */
export function addTokens(
  { newId }: Work,
  state: CampaignState,
  { mapId, tokens }: Of<'addTokens'>,
): { state: CampaignState; madeIds: string[] } {
  mapIn(state, mapId)
  const standing = new Set((state.tokens ?? []).filter((one) => one.mapId === mapId).map((one) => one.characterId))
  const made = tokens.map((given): Token => {
    const character = given.characterId === null ? null : characterIn(state, given.characterId)
    if (character && standing.has(character.id))
      throw new TablecastError('VALIDATION_FAILED', `${character.name} stands on this map already. Move the token.`)
    if (character) standing.add(character.id)
    const name = character?.name ?? given.name
    if (name === '') throw new TablecastError('VALIDATION_FAILED', 'A token of a thing needs a name. Write one.')
    return { ...given, id: newId(), mapId, name, isLocked: false, inFog: true }
  })
  return { state: { ...state, tokens: [...(state.tokens ?? []), ...made] }, madeIds: made.map(({ id }) => id) }
}

/** Throws FORBIDDEN for a player's way that leads out of sight or into a wall: with the same sentence, whatever is there. */
export async function moveToken(
  { tables, room, actor, memory }: Work,
  state: CampaignState,
  { id, way }: Of<'moveToken'>,
): Promise<CampaignState> {
  const token = tokenIn(state, id)
  const map = mapIn(state, token.mapId)
  const { x, y } = way.at(-1) ?? token
  if (actor.role === 'player' && map.sight.isOn) {
    const barriers = barriersOn(map, await memory.wallsOf(tables, room.id, map.pictureId))
    if (!isWayOpen([{ x: token.x, y: token.y }, ...way], readInSight(map), barriers))
      throw new TablecastError('FORBIDDEN', 'You can’t see a way there.')
  }
  return withToken(state, token, { x, y })
}

export function editToken(state: CampaignState, operation: Of<'editToken'>): CampaignState {
  const token = tokenIn(state, operation.id)
  const {
    name = token.name,
    size = token.size,
    visible = token.visible,
    isLocked = token.isLocked,
    darkvision = token.darkvision,
  } = operation
  const isThing = token.characterId === null
  return withToken(state, token, { name: isThing ? name : token.name, size, visible, isLocked, darkvision })
}

export function removeTokens(state: CampaignState, { ids }: Of<'removeTokens'>): CampaignState {
  const gone = new Set(ids.map((id) => tokenIn(state, id).id))
  return { ...state, tokens: (state.tokens ?? []).filter(({ id }) => !gone.has(id)) }
}

function characterIn({ characters }: CampaignState, id: string): Character {
  const character = withId(characters, id)
  if (!character) throw new TablecastError('NOT_FOUND', 'This character was removed meanwhile. Choose another.')
  return character
}
