// The journal and exports keep no name of a picture: no step brings one back, and no file opens a picture.
import { type CampaignState, type Character, diff, NO_NAME, type StatePatch } from '@tablecast/contracts'

type Step = { patch: StatePatch | null; inverse: StatePatch | null }

/** The patch and the inverse of a change as the journal keeps them. They are null for a change of names alone. */
export function stepWithoutNames({
  before,
  after,
  patch,
  inverse,
}: Step & { before: CampaignState; after: CampaignState }): Step {
  if (!hasNames(patch) && !hasNames(inverse)) return { patch, inverse }
  const [from, to] = [withoutNames(before), withoutNames(after)]
  return { patch: diff(from, to), inverse: diff(to, from) }
}

const hasNames = (patch: StatePatch | null): boolean =>
  patch !== null &&
  (patch.pictures !== undefined ||
    patch.handouts !== undefined ||
    patch.scenePicture !== undefined ||
    (patch.characters?.upsert?.some(({ portrait }) => portrait) ?? false))

export function withoutNames(state: CampaignState): CampaignState {
  const { pictures, handouts, scenePicture, characters } = state
  return {
    ...state,
    pictures: pictures?.map((picture) => ({ ...picture, name: NO_NAME })),
    handouts: handouts?.map((handout) => ({ ...handout, name: null })),
    scenePicture: scenePicture && { ...scenePicture, name: NO_NAME },
    characters: charactersWithoutNames(characters),
  }
}

export const charactersWithoutNames = (characters: readonly Character[]): Character[] =>
  characters.map((one) => (one.portrait ? { ...one, portrait: { ...one.portrait, name: NO_NAME } } : one))
