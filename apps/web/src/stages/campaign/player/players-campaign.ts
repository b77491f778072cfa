import type { Live } from '../../../live/live-store.ts'

/** The active campaign in the players' view; null while none is active, and for a DM. */
export const playersCampaign = ({ room }: Live) => (room?.audience === 'player' ? room.campaign : null)

export type PlayersCampaign = NonNullable<ReturnType<typeof playersCampaign>>
