import type { ShownHandout } from '@tablecast/contracts'
import { useLive } from '../../../live/live-store.ts'
import { usePlayersEyes } from './players-eyes.ts'
import { handoutOfDms } from './shown.ts'

/** The handouts that this person may look at: all of them for a DM, else those that were shown to everyone or to this member. */
export function useHandouts(): readonly ShownHandout[] {
  const preview = usePlayersEyes()
  const room = useLive((state) => state.room)
  const own = useLive((state) => state.own)
  if (preview) return preview.handouts ?? []
  if (!room?.campaign) return []
  if (room.audience === 'dm') {
    const { view } = room.campaign
    return (view.handouts ?? []).map((handout) => handoutOfDms(view, handout))
  }
  const { id, view } = room.campaign
  const alone = own?.campaignId === id ? own.view.handouts : []
  // A server of an older version sends no handouts.
  return [...(view.handouts ?? []), ...alone]
}
