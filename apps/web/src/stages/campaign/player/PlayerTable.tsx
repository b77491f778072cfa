import { isStale, useLive } from '../../../live/live-store.ts'
import { withWhispers } from '../../../live/whispers.ts'
import { BeingWritten } from '../BeingWritten.tsx'
import { PlayerView } from './PlayerView.tsx'
import { loadOlder } from '../use-room.ts'
import { PlayerComposer } from './PlayerComposer.tsx'
import { playersCampaign } from './players-campaign.ts'
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
export function PlayerTable({ roomId, myId, isSpectator, part }: Props) {
  const isRoomKnown = useLive(({ room }) => room !== null)
  const campaign = useLive(playersCampaign)
  const whispers = useLive((state) => state.whispers)
  const narrating = useLive((state) => state.narrating)
  const stale = useLive(isStale)
  return (
    <main className={`flex min-h-0 grow flex-col transition ${stale && campaign ? 'opacity-75' : ''}`}>
      {campaign ? (
        <PlayerView
          key={campaign.id}
          view={campaign.view}
          entries={withWhispers(campaign.entries, whispers, campaign.id)}
          more={campaign.more}
          myId={myId}
          own={{ roomId, campaignId: campaign.id }}
          isSpectator={isSpectator}
          part={part}
          loadOlder={() => loadOlder(roomId)}
          map={
            campaign.view.map && (
              <TableMap
                where={{ roomId, campaignId: campaign.id }}
                view={campaign.view}
                myId={myId}
                isSpectator={isSpectator}
              />
            )
          }
          tail={<BeingWritten />}
          tailKey={narrating?.text?.length ?? (narrating ? 1 : 0)}
        >
          <PlayerComposer roomId={roomId} campaignId={campaign.id} myId={myId} isSpectator={isSpectator} />
        </PlayerView>
      ) : (
        <WithNotes roomId={roomId} campaign={null}>
          <WaitingForCampaign isRoomKnown={isRoomKnown} />
        </WithNotes>
      )}
    </main>
  )
}
