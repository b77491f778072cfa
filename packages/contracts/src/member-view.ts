// The view of one member beside the players' view: the handouts that are shown to them alone.
import { frozen } from './frozen.ts'
import { type Presented } from './pictures.ts'
import { handoutsForMember, isForMember, type ShownHandout, shownPresented } from './shown-pictures.ts'
import type { CampaignState } from './state.ts'

export type MemberView = { handouts: ShownHandout[]; presented: Presented | null }

/** The view of a member whom nothing is shown to alone. */
export const emptyMemberView: MemberView = frozen({ handouts: [], presented: null })

/** A pure function of the state. A state names only players, so everybody else gets the empty view. */
export function memberView({ handouts, pictures, presented }: CampaignState, userId: string): MemberView {
  if (!handouts?.some((one) => isForMember(one, userId))) return emptyMemberView
  const seen = handoutsForMember(handouts, pictures, userId)
  return { handouts: seen, presented: shownPresented(presented, seen) }
}

/** The members whom something is shown to alone, in any of these states. */
export function membersNamed(states: readonly CampaignState[]): Set<string> {
  const ids = new Set<string>()
  for (const { handouts } of states)
    for (const { shownTo, members } of handouts ?? []) if (shownTo === 'members') for (const id of members) ids.add(id)
  return ids
}
