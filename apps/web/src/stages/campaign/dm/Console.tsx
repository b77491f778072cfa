import type { CampaignState } from '@tablecast/contracts'
import type { Summary } from '@tablecast/rules'
import { useState } from 'react'
import { Redirect, useParams } from 'wouter'
import { isStale, useLive } from '../../../live/live-store.ts'
import { FightConsole, FightSummary } from '../fight/parts.ts'
import { openMapId, useMapDesk } from '../maps/dm/map-desk.ts'
import { DmMap } from '../maps/dm/parts.ts'
import { findMap } from '../maps/find-map.ts'
import { useStoryBeside } from '../maps/story-beside.ts'
import { NoSeat, useWhyNoSeat } from '../NoSeat.tsx'
import { loadPictureDesk } from '../pictures/dm/parts.ts'
import { PictureIntake } from '../pictures/dm/PictureIntake.tsx'
import { DmsViewer } from '../pictures/viewer/DmsViewer.tsx'
import { useLaterPart } from '../use-later-part.ts'
import { useAnnouncement, useTabNews } from '../use-news.ts'
import { useRoom } from '../use-room.ts'
import { ConflictProvider } from './conflicts.tsx'
import { ConsoleFrame } from './ConsoleFrame.tsx'
import { ConsoleHeader } from './ConsoleHeader.tsx'
import { ConsoleSide } from './ConsoleSide.tsx'
import type { TabName } from './console-tabs.ts'
import { ConsoleStory } from './ConsoleStory.tsx'
import { dmsCampaign } from './dms-campaign.ts'
import { FirstSteps } from './FirstSteps.tsx'
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
  const isFight = Boolean(campaign?.view.encounter)
  const [shown, setShown] = useShownTab(isFight)
  const [isStoryShown, setIsStoryShown] = useState(false)
  const [summary, setSummary] = useState<Summary | null>(null)
  const narrator = useNarrator(roomId, details !== undefined)
  const openId = useMapDesk((desk) => desk.openId)
  const isStoryOpen = useStoryBeside(({ isOpen }) => isOpen)
  const map = campaign && findMap(campaign.view, openMapId(campaign.view, openId))
  const { Part: PictureDesk } = useLaterPart(loadPictureDesk)

  if (why) return <NoSeat why={why} />
  if (details && details.role !== 'owner' && details.role !== 'dm') return <Redirect to={`/r/${roomId}`} replace />

  return (
    <div className="flex h-dvh flex-col pb-[env(safe-area-inset-bottom)]">
      {/* In the same place with and without a campaign, so that its dialogs stay open while one is opened or closed. */}
      <div data-place="bar" className="contents">
        <ConsoleHeader roomId={roomId} campaign={campaign} details={details} onChanged={reload} />
      </div>
      <p role="status" className="sr-only">
        {announcement}
      </p>
      {campaign && details ? (
        <ConflictProvider>
          <EditProvider campaignId={campaign.id}>
            {summary && (
              <FightSummary summary={summary} heroes={heroCount(campaign.view)} onClose={() => setSummary(null)} />
            )}
            <ConsoleFrame
              main={
                map && (
                  <DmMap
                    key={map.id}
                    where={{ roomId, campaignId: campaign.id }}
                    state={campaign.view}
                    map={map}
                    myId={details.me.userId}
                  />
                )
              }
              isStoryBeside={isStoryOpen}
              story={
                <ConsoleStory roomId={roomId} campaign={campaign} members={details.members} narrator={narrator}>
                  <FirstSteps state={campaign.view} details={details} show={setShown} onChanged={reload} />
                </ConsoleStory>
              }
              turns={
                isFight && (
                  <FightConsole
                    key={campaign.id}
                    where={{ roomId, campaignId: campaign.id }}
                    state={campaign.view}
                    onEnded={setSummary}
                    isStoryShown={isStoryShown}
                    showStory={setIsStoryShown}
                  />
                )
              }
              isStoryShown={!isFight || isStoryShown}
              people={
                <ConsoleSide
                  key={campaign.id}
                  roomId={roomId}
                  campaignId={campaign.id}
                  state={campaign.view}
                  details={details}
                  shown={shown}
                  onShow={setShown}
                  onChanged={reload}
                />
              }
              grows={isDrafting ? 'story' : null}
              isStale={stale}
            />
            <DmsViewer state={campaign.view} />
            <PictureIntake key={`intake ${campaign.id}`} />
            {PictureDesk && (
              <PictureDesk
                key={campaign.id}
                where={{ roomId, campaignId: campaign.id }}
                state={campaign.view}
                members={details.members}
                show={setShown}
              />
            )}
          </EditProvider>
        </ConflictProvider>
      ) : (
        <NoCampaign roomId={roomId} details={details} isRoomKnown={isRoomKnown} onChanged={reload} />
      )}
    </div>
  )
}

/** When a fight begins, the rows get the room of the tabs, which fold to one line. */
function useShownTab(isFight: boolean) {
  const [choice, setChoice] = useState<{ tab: TabName | null; isFight: boolean }>({ tab: 'table', isFight: false })
  const shown = choice.isFight === isFight ? choice.tab : isFight ? null : (choice.tab ?? 'table')
  return [shown, (tab: TabName | null) => setChoice({ tab, isFight })] as const
}

const heroCount = ({ characters }: CampaignState): number => characters.filter(({ kind }) => kind === 'pc').length
