import type { Live } from '../../../live/live-store.ts'

/** The active campaign in the DM's view; null while none is active, and for a player. */
export const dmsCampaign = ({ room }: Live) => (room?.audience === 'dm' ? room.campaign : null)

export type DmsCampaign = NonNullable<ReturnType<typeof dmsCampaign>>
