import { Redirect, useParams } from 'wouter'
import { isStale, useLive } from '../../../live/live-store.ts'
import { NoSeat, useWhyNoSeat } from '../NoSeat.tsx'
import { useAnnouncement, useTabNews } from '../use-news.ts'
import { useRoom } from '../use-room.ts'
import { ConsoleHeader } from './ConsoleHeader.tsx'
import { ConsoleSide } from './ConsoleSide.tsx'
import { ConsoleStory } from './ConsoleStory.tsx'
import { dmsCampaign } from './dms-campaign.ts'
import { NoCampaign } from './NoCampaign.tsx'
import { EditProvider } from './use-edit.tsx'
import { useNarrator } from './use-narrator.ts'

/** The DM's console: the story in the middle, everything that can be changed beside it. Players are sent to their page. */
export function Console() {
  const { roomId = '' } = useParams()
  const room = useRoom(roomId)
  const { details, reload } = room
  const why = useWhyNoSeat(room)
  const isRoomKnown = useLive((state) => state.room !== null)
  const campaign = useLive(dmsCampaign)
  const stale = useLive(isStale)
  useTabNews(campaign?.name ?? details?.room.name ?? 'Table', null)
  const announcement = useAnnouncement(null)
  // On a small screen a draft gets more room, so that it can be read.
  const isDrafting = useLive((state) => state.narrating !== null)
  const narrator = useNarrator(roomId, details !== undefined)

  if (why) return <NoSeat why={why} />
  if (details && details.role !== 'owner' && details.role !== 'dm') return <Redirect to={`/r/${roomId}`} replace />

  return (
    <div className="flex h-dvh flex-col">
      <ConsoleHeader roomId={roomId} campaign={campaign} details={details} onChanged={reload} />
      <p role="status" className="sr-only">
        {announcement}
      </p>
      {campaign && details ? (
        <EditProvider roomId={roomId} campaignId={campaign.id}>
          <main
            className={`grid min-h-0 grow grid-cols-[minmax(0,1fr)] ${isDrafting ? 'grid-rows-[minmax(0,3fr)_minmax(0,1fr)]' : 'grid-rows-[minmax(0,1fr)_minmax(0,1fr)]'} max-lg:has-[[data-reading]]:grid-rows-[minmax(0,1fr)_minmax(0,2fr)] lg:grid-cols-[minmax(0,1fr)_31rem] lg:grid-rows-1 ${stale ? 'opacity-75' : ''}`}
          >
            <ConsoleStory roomId={roomId} campaign={campaign} members={details.members} narrator={narrator} />
            <ConsoleSide
              key={campaign.id}
              roomId={roomId}
              campaignId={campaign.id}
              state={campaign.view}
              entries={campaign.entries}
              details={details}
              onChanged={reload}
            />
          </main>
        </EditProvider>
      ) : (
        <NoCampaign details={details} isRoomKnown={isRoomKnown} onChanged={reload} />
      )}
    </div>
  )
}
