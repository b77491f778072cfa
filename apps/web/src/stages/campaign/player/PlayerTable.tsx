import { useCallback, useMemo } from 'react'
import { isStale, useLive } from '../../../live/live-store.ts'
import { withWhispers } from '../../../live/whispers.ts'
import { BeingWritten } from '../BeingWritten.tsx'
import { PlayerView } from './PlayerView.tsx'
import { loadOlder } from '../use-room.ts'
import { PlayerComposer } from './PlayerComposer.tsx'
import { type PlayersCampaign, playersCampaign } from './players-campaign.ts'
import { TableMap } from './TableMap.tsx'
import type { TablePart } from './TablePartTabs.tsx'
import { WaitingForCampaign } from './WaitingForCampaign.tsx'
import { WithNotes } from './WithNotes.tsx'

type Props = {
  roomId: string
  myId: string
  isSpectator: boolean
  /** The part that a small screen shows. */
  part: TablePart
}

/** The active campaign with the player's whispers in its story, and where the player writes. */
export function PlayerTable({ roomId, ...props }: Props) {
  const isRoomKnown = useLive(({ room }) => room !== null)
  const campaign = useLive(playersCampaign)
  const stale = useLive(isStale)
  return (
    <main className={`flex min-h-0 grow flex-col transition ${stale && campaign ? 'opacity-75' : ''}`}>
      {campaign ? (
        <OpenTable key={campaign.id} roomId={roomId} campaign={campaign} {...props} />
      ) : (
        <WithNotes roomId={roomId} campaign={null}>
          <WaitingForCampaign isRoomKnown={isRoomKnown} />
        </WithNotes>
      )}
    </main>
  )
}

/** Each value is kept by itself, so that the choice of another part draws neither the story nor the map again. */
function OpenTable({ roomId, campaign, myId, isSpectator, part }: Props & { campaign: PlayersCampaign }) {
  const whispers = useLive((state) => state.whispers)
  const narrating = useLive((state) => state.narrating)
  const { id: campaignId, view, more } = campaign
  const own = useMemo(() => ({ roomId, campaignId }), [roomId, campaignId])
  const entries = useMemo(
    () => withWhispers(campaign.entries, whispers, campaignId),
    [campaign.entries, whispers, campaignId],
  )
  const older = useCallback(() => loadOlder(roomId), [roomId])
  const map = useMemo(
    () => view.map && <TableMap where={own} view={view} myId={myId} isSpectator={isSpectator} />,
    [own, view, myId, isSpectator],
  )
  return (
    <PlayerView
      view={view}
      entries={entries}
      more={more}
      myId={myId}
      own={own}
      isSpectator={isSpectator}
      part={part}
      loadOlder={older}
      map={map}
      tail={<BeingWritten />}
      tailKey={narrating?.text?.length ?? (narrating ? 1 : 0)}
    >
      <PlayerComposer roomId={roomId} campaignId={campaignId} myId={myId} isSpectator={isSpectator} />
    </PlayerView>
  )
}
