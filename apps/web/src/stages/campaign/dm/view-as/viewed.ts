// The state of one player’s page, folded from that player’s streams. Pure: the same events give the same state as on the player’s page.
import type { MemberView, PlayerCampaignEvent, PlayerView, WhisperEvent } from '@tablecast/contracts'
import { foldOwnView, type OwnView } from '../../../../live/own-view.ts'
import { foldEvent, type RoomState } from '../../../../live/room-state.ts'
import { foldWhispers, type Whispers, withWhispers } from '../../../../live/whispers.ts'

/** `whispers` and `own` stay null for the view that all players share. */
export type Viewed = { room: RoomState | null; whispers: Whispers | null; own: OwnView | null }

export const nothingViewed: Viewed = { room: null, whispers: null, own: null }

export const withEvent = (viewed: Viewed, id: string, event: PlayerCampaignEvent): Viewed => ({
  ...viewed,
  room: foldEvent(viewed.room, id, event),
})

export const withWhisper = (viewed: Viewed, id: string, event: WhisperEvent): Viewed => ({
  ...viewed,
  whispers: foldWhispers(viewed.whispers, id, event),
  own: foldOwnView(viewed.own, event),
})

/** False when a hash differs from the server’s. Only a snapshot mends that. */
export const isTrue = ({ room, own }: Viewed): boolean => (room?.isTrue ?? true) && (own?.isTrue ?? true)

/** Another campaign has opened: its whispers come with a new snapshot alone. */
export const lacksWhispers = ({ room, whispers }: Viewed): boolean =>
  room?.campaign != null && whispers !== null && whispers.campaignId !== room.campaign.id

const NO_SHEETS: MemberView['sheets'] = []

/** The open campaign in the player’s eyes, or null. The handouts that only this player sees are among the view’s. */
export function campaignIn({ room, whispers, own }: Viewed) {
  if (room?.audience !== 'player' || !room.campaign) return null
  const { campaign } = room
  const alone = own?.campaignId === campaign.id ? own.view : null
  const view: PlayerView = {
    ...campaign.view,
    handouts: [...campaign.view.handouts, ...(alone?.handouts ?? [])],
    presented: alone?.presented ?? campaign.view.presented,
  }
  return {
    ...campaign,
    view,
    sheets: alone?.sheets ?? NO_SHEETS,
    entries: withWhispers(campaign.entries, whispers, campaign.id),
  }
}
