// The journal keeps no name of a picture, and nothing that follows from fog, so that no step of it can bring one back.
import { type CampaignState, diff, type StatePatch, withoutNames } from '@tablecast/contracts'

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
    patch.maps !== undefined ||
    patch.tokens !== undefined ||
    patch.tiles !== undefined ||
    (patch.characters?.upsert?.some(({ portrait }) => portrait) ?? false))
