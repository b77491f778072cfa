import type { CampaignState } from '@tablecast/contracts'
import { isShownTo, withMember } from './pictures/players-only.ts'

/** The state in which all that belongs to one member belongs to another; null when nothing does. */
export function ofOtherMember(state: CampaignState, from: string, to: string): CampaignState | null {
  const { characters, areas, requests } = state
  const isOwned = [characters, areas, requests].some((owned) => owned?.some(({ ownerId }) => ownerId === from))
  if (!isOwned && !isShownTo(state, from)) return null
  const given = <T extends { ownerId?: string | null }>(owned: readonly T[]): T[] =>
    owned.map((one) => (one.ownerId === from ? { ...one, ownerId: to } : one))
  const moved = {
    ...state,
    characters: given(characters),
    ...(areas && { areas: given(areas) }),
    ...(requests && { requests: given(requests) }),
  }
  return withMember(moved, from, to)
}
