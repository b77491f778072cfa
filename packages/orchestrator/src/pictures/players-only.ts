import type { CampaignState } from '@tablecast/contracts'
import type { RoomChange } from '../room-change.ts'

/** The same state, in which handouts for members name only those who are players of the room now. */
export async function withPlayersOnly(
  { tables, room }: Pick<RoomChange, 'tables' | 'room'>,
  state: CampaignState,
): Promise<CampaignState> {
  const isForMembers = state.handouts?.some(({ shownTo }) => shownTo === 'members') ?? false
  if (!isForMembers) return state
  const members = await tables.rooms.members(room.id)
  const players = new Set(members.filter(({ role }) => role === 'player').map(({ userId }) => userId))
  return withMembers(state, (id) => players.has(id))
}

/** The same state, in which nothing is shown to these people alone any more. */
export const withoutMembers = (state: CampaignState, gone: ReadonlySet<string>): CampaignState =>
  withMembers(state, (id) => !gone.has(id))

function withMembers(state: CampaignState, stays: (userId: string) => boolean): CampaignState {
  const handouts = state.handouts ?? []
  if (handouts.every(({ members }) => members.every(stays))) return state
  return {
    ...state,
    handouts: handouts.map((one) => (one.members.every(stays) ? one : { ...one, members: one.members.filter(stays) })),
  }
}

/** Whether a handout is shown to this member alone. */
export const isShownTo = ({ handouts }: CampaignState, userId: string): boolean =>
  handouts?.some(({ members }) => members.includes(userId)) ?? false

/** Gives the handouts that one member was shown to another member, who takes their place. */
export const withMember = (state: CampaignState, from: string, to: string): CampaignState =>
  isShownTo(state, from)
    ? {
        ...state,
        handouts: (state.handouts ?? []).map((one) => ({
          ...one,
          members: one.members.map((id) => (id === from ? to : id)),
        })),
      }
    : state
