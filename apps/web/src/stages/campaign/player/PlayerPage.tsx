import { useState } from 'react'
import { Redirect, useParams } from 'wouter'
import { loadStayAwake } from '../../../device/later-parts.ts'
import { useLive } from '../../../live/live-store.ts'
import { useAfterPaint } from '../../../ui/after-paint.ts'
import { useReloadAfterUpgrade } from '../../../ui/reload-after-upgrade.ts'
import { useFightNews } from '../fight/player/use-fight-news.ts'
import { TurnButtons } from '../fight/player/TurnButtons.tsx'
import { NoSeat, useWhyNoSeat } from '../NoSeat.tsx'
import { PlayersViewer } from '../pictures/viewer/PlayersViewer.tsx'
import { useLaterPart } from '../use-later-part.ts'
import { turnCue, useAnnouncement, useTabNews } from '../use-news.ts'
import { useRoom } from '../use-room.ts'
import { PlayerHeader } from './PlayerHeader.tsx'
import { PlayerTable } from './PlayerTable.tsx'
import { playersCampaign } from './players-campaign.ts'
import { type TablePart, TablePartTabs } from './TablePartTabs.tsx'
import { TableLine } from './TableLine.tsx'
import { useDialogsAtHand } from './use-dialogs-at-hand.ts'

/** The table as a player has it. DMs are sent to their console. */
export function PlayerPage() {
  const { roomId = '' } = useParams()
  const room = useRoom(roomId)
  const { details } = room
  const why = useWhyNoSeat(room)
  const campaign = useLive(playersCampaign)
  const [chosenPart, setPart] = useState<TablePart>('story')
  const myId = details?.me.userId ?? ''
  const hasMap = Boolean(campaign?.view.map)
  const there = (part: TablePart) => (part === 'map' && !hasMap ? 'story' : part)
  // A slow phone takes a tenth of a second to draw another part. The tab that was tapped does not wait for it.
  const shownPart = there(useAfterPaint(chosenPart))
  const cue = turnCue(campaign?.view ?? null, myId)
  useTabNews(campaign?.name ?? details?.room.name ?? 'Table', cue)
  const announcement = useAnnouncement(cue)
  const fightNews = useFightNews(campaign?.view ?? null, myId)
  useDialogsAtHand()
  const { Part: StayAwake } = useLaterPart(loadStayAwake, cue === 'your_turn')
  useReloadAfterUpgrade()

  if (why) return <NoSeat why={why} />
  if (details && (details.role === 'owner' || details.role === 'dm')) return <Redirect to={`/r/${roomId}/dm`} replace />

  return (
    <div className="flex h-dvh flex-col pb-[env(safe-area-inset-bottom)]">
      <PlayerHeader
        roomId={roomId}
        roomName={details?.room.name}
        campaign={campaign ?? undefined}
        me={details?.me}
        cue={cue}
      />
      <TableLine myId={myId} cue={cue}>
        {campaign?.view.encounter && (
          <TurnButtons view={campaign.view} myId={myId} where={{ roomId, campaignId: campaign.id }} />
        )}
      </TableLine>
      <p role="status" className="sr-only">
        {announcement}
      </p>
      <p role="status" aria-label="Your character" className="sr-only">
        {fightNews}
      </p>
      <PlayerTable roomId={roomId} myId={myId} isSpectator={details?.role === 'spectator'} part={shownPart} />
      {cue === 'your_turn' && StayAwake && <StayAwake />}
      {campaign && <PlayersViewer view={campaign.view} />}
      {campaign && <TablePartTabs part={there(chosenPart)} hasMap={hasMap} onChoose={setPart} />}
    </div>
  )
}
