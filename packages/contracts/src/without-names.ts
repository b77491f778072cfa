// States without the names of pictures, for places where a name must not be kept: the journal and exports.
import { NO_NAME } from './pictures.ts'
import type { CampaignState, Character } from './state.ts'

export function withoutNames(state: CampaignState): CampaignState {
  const { pictures, handouts, scenePicture, characters, maps } = state
  return {
    ...state,
    pictures: pictures?.map((picture) => ({ ...picture, name: NO_NAME })),
    handouts: handouts?.map((handout) => ({ ...handout, name: null })),
    scenePicture: scenePicture && { ...scenePicture, name: NO_NAME },
    characters: charactersWithoutNames(characters),
    maps: maps?.map((map) => ({ ...map, name: NO_NAME })),
    tiles: [],
  }
}

export const charactersWithoutNames = (characters: readonly Character[]): Character[] =>
  characters.map((one) => (one.portrait ? { ...one, portrait: { ...one.portrait, name: NO_NAME } } : one))
