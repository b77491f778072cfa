import { useLive } from '../../../live/live-store.ts'

/** The campaign that this page shows: addresses of its pictures begin with it. */
export const useCampaignId = (): string => useLive(({ room }) => room?.campaign?.id ?? '')
