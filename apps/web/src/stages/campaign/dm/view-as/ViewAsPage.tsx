import { Redirect, useParams } from 'wouter'
import { PageHeader } from '../../../../ui/page-header.tsx'
import { RoomStatus } from '../../RoomStatus.tsx'
import { NoSeat, useWhyNoSeat } from '../../NoSeat.tsx'
import { DmsViewer } from '../../pictures/viewer/DmsViewer.tsx'
import { useRoom } from '../../use-room.ts'
import { useLive } from '../../../../live/live-store.ts'
import { useTabNews } from '../../use-news.ts'
import { dmsCampaign } from '../dms-campaign.ts'
import { View } from './ViewAs.tsx'

/** The table through a player’s eyes, in a window of its own. DMs alone open it. */
export function ViewAsPage() {
  const { roomId = '', memberId } = useParams()
  const room = useRoom(roomId)
  const { details } = room
  const why = useWhyNoSeat(room)
  const state = useLive(dmsCampaign)?.view
  const name = details?.members.find(({ userId }) => userId === memberId)?.name
  const title = memberId === undefined ? 'As all players see it' : `As ${name ?? 'this player'} sees it`
  useTabNews(title, null)

  if (why) return <NoSeat why={why} />
  if (details && details.role !== 'owner' && details.role !== 'dm') return <Redirect to={`/r/${roomId}`} replace />
  return (
    <div className="flex min-h-dvh flex-col lg:h-dvh">
      <PageHeader back={`/r/${roomId}/dm`} backLabel="To the console" title={title} subtitle="Nothing here changes it">
        <RoomStatus />
      </PageHeader>
      <main className="flex min-h-0 grow flex-col">
        {details && <View roomId={roomId} memberId={memberId ?? null} shape="window" />}
      </main>
      {state && <DmsViewer state={state} />}
    </div>
  )
}
