// The view of one member beside the players' view: handouts that are shown to them alone, and what only the player of a character sees.
import type { Use } from '@tablecast/rules/uses'
import { frozen, onceForFrozen } from './frozen.ts'
import { type Presented } from './pictures.ts'
import { handoutsForMember, isForMember, type ShownHandout, shownPresented } from './shown-pictures.ts'
import type { CampaignState, Character } from './state.ts'

/** `id`: of the character. `hash`: of its sheet, which `sheets.get` answers. `uses`: what comes back with a rest. */
type OwnSheet = { id: string; hash: string | null; uses: Use[] }
/** A character that the member asked for, and no DM has answered yet. */
type OwnRequest = { id: string; name: string }

export type MemberView = {
  handouts: ShownHandout[]
  presented: Presented | null
  sheets: OwnSheet[]
  requests: OwnRequest[]
}

/** The view of a member whom nothing is shown to alone. */
export const emptyMemberView: MemberView = frozen({ handouts: [], presented: null, sheets: [], requests: [] })

/** A pure function of the state. Call it for players: an owner of a character may have another role by now. */
export function memberView(state: CampaignState, userId: string): MemberView {
  const { handouts, pictures, presented, characters, requests } = state
  const isShown = handouts?.some((one) => isForMember(one, userId)) ?? false
  const sheets = characters.flatMap((one) => (one.ownerId === userId && one.visible ? (ownSheetOf(one) ?? []) : []))
  const asked = (requests ?? []).flatMap(({ id, name, ownerId }) => (ownerId === userId ? [{ id, name }] : []))
  if (!isShown && sheets.length === 0 && asked.length === 0) return emptyMemberView
  const seen = isShown ? handoutsForMember(handouts ?? [], pictures, userId) : []
  return { handouts: seen, presented: isShown ? shownPresented(presented, seen) : null, sheets, requests: asked }
}

/** Null for a character without a sheet and without uses. */
const ownSheetOf = onceForFrozen(({ id, sheet, uses }: Character): OwnSheet | null => {
  const kept = (uses ?? []).filter(({ back }) => back.kind === 'rest')
  return sheet || kept.length > 0 ? { id, hash: sheet?.hash ?? null, uses: kept } : null
})

/** The members who have a view of their own in any of these states. */
export function membersNamed(states: readonly CampaignState[]): Set<string> {
  const ids = new Set<string>()
  for (const { handouts, characters, requests } of states) {
    for (const { shownTo, members } of handouts ?? []) if (shownTo === 'members') for (const id of members) ids.add(id)
    for (const one of characters) if (one.ownerId !== null && one.visible && ownSheetOf(one)) ids.add(one.ownerId)
    for (const { ownerId } of requests ?? []) ids.add(ownerId)
  }
  return ids
}
