// States without the names of pictures and without what follows from fog, for places where these must not be kept: the journal and exports.
import { NO_NAME } from './pictures.ts'
import type { CampaignState, Character } from './state.ts'

/** The fog itself is in a table of its own. */
const NO_FOG = { version: 0, change: null }

export function withoutNames(state: CampaignState): CampaignState {
  const { pictures, handouts, scenePicture, characters, maps, tokens } = state
  return {
    ...state,
    pictures: pictures?.map((picture) => ({ ...picture, name: NO_NAME })),
    handouts: handouts?.map((handout) => ({ ...handout, name: null })),
    scenePicture: scenePicture && { ...scenePicture, name: NO_NAME },
    characters: charactersWithoutNames(characters),
    maps: maps?.map((map) => ({ ...map, name: NO_NAME, fog: NO_FOG, inSight: null })),
    tokens: tokens?.map((token) => ({ ...token, inFog: true })),
    tiles: [],
  }
}

export const charactersWithoutNames = (characters: readonly Character[]): Character[] =>
  characters.map((one) => (one.portrait ? { ...one, portrait: { ...one.portrait, name: NO_NAME } } : one))
