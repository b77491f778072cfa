import { Tabs } from '@base-ui/react/tabs'
import { type CampaignState, entryForPlayers, isForPlayers, playerView, type RoomDetails } from '@tablecast/contracts'
import { type ReactNode, useState } from 'react'
import { Navigate, useParams } from 'react-router'
import { isStale, useLive } from '../../../live/live-store.ts'
import { ThemeButton } from '../../../ui/button.tsx'
import { AsWritten, Guard } from '../../../ui/guard.tsx'
import { Toasts } from '../../../ui/toast.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { RecapButton } from '../RecapButton.tsx'
import { RoomStatus } from '../RoomStatus.tsx'
import { InviteDialog } from '../InviteDialog.tsx'
import { Narrative } from '../Narrative.tsx'
import { NoSeat, useWhyNoSeat } from '../NoSeat.tsx'
import { PlayerView } from '../PlayerView.tsx'
import { Section } from '../Sheet.tsx'
import { useAnnouncement, useTabNews } from '../use-news.ts'
import { loadOlder, useRoom } from '../use-room.ts'
import { CharacterList } from './CharacterEditor.tsx'
import { DmComposer } from './DmComposer.tsx'
import { DraftField } from './DraftField.tsx'
import { DraftPanel } from './DraftPanel.tsx'
import { Library } from './Library.tsx'
import { NarratorSettings } from './NarratorSettings.tsx'
import { NamedPages, Pages } from './Pages.tsx'
import { Roster } from './Roster.tsx'
import { TableSettings } from './TableSettings.tsx'
import { TurnEditor } from './TurnEditor.tsx'
import { UndoRedo } from './UndoRedo.tsx'
import { EditProvider } from './use-edit.tsx'
import { useNarrator } from './use-narrator.ts'
import { WorldEditor } from './WorldEditor.tsx'

/** The DM's console: the story in the middle, everything that can be changed beside it. */
export const DmPage = () => (
  <Toasts>
    <Console />
  </Toasts>
)

function Console() {
  const { roomId = '' } = useParams()
  const seat = useRoom(roomId)
  const { details, reload } = seat
  const why = useWhyNoSeat(seat)
  const room = useLive((state) => state.room)
  const stale = useLive(isStale)
  const campaign = room?.audience === 'dm' ? room.campaign : null
  useTabNews(campaign?.name ?? details?.room.name ?? 'Table', null)
  const announcement = useAnnouncement(null)
  // On a small screen a draft wants room to be read.
  const isDrafting = useLive((state) => state.narrating !== null)
  const narrator = useNarrator(roomId, details !== undefined)

  if (why) return <NoSeat why={why} />
  if (details && details.role !== 'owner' && details.role !== 'dm') return <Navigate to={`/r/${roomId}`} replace />

  return (
    <div className="flex h-dvh flex-col">
      <PageHeader
        back="/"
        backLabel="To the start page"
        title={campaign?.name ?? 'No active campaign'}
        subtitle={`${details?.room.name ?? 'Opening the table…'} · DM console`}
      >
        {campaign && details && (
          <UndoRedo
            key={campaign.id}
            roomId={roomId}
            campaignId={campaign.id}
            myId={details.me.userId}
            entries={campaign.entries}
          />
        )}
        {details && <Library roomId={roomId} activeId={campaign?.id ?? null} />}
        {campaign && <RecapButton roomId={roomId} />}
        {details && <InviteDialog details={details} onChanged={reload} />}
        {details && <TableSettings details={details} onChanged={reload} />}
        <RoomStatus />
        <ThemeButton />
      </PageHeader>
      <p role="status" className="sr-only">
        {announcement}
      </p>
      {campaign && details ? (
        <EditProvider roomId={roomId} campaignId={campaign.id}>
          <main
            className={`grid min-h-0 grow grid-cols-[minmax(0,1fr)] ${isDrafting ? 'grid-rows-[minmax(0,3fr)_minmax(0,1fr)]' : 'grid-rows-[minmax(0,1fr)_minmax(0,1fr)]'} has-[[data-reading]]:grid-rows-[minmax(0,1fr)_minmax(0,2fr)] lg:grid-cols-[minmax(0,1fr)_31rem] lg:grid-rows-1 ${stale ? 'opacity-75' : ''}`}
          >
            <div className="flex min-h-0 flex-col">
              <Narrative
                key={campaign.id}
                entries={campaign.entries}
                more={campaign.more}
                loadOlder={() => loadOlder(roomId)}
                onAnswer={narrator.isWithModel ? narrator.answer : undefined}
              />
              <DraftPanel roomId={roomId} />
              <DmComposer
                roomId={roomId}
                state={campaign.view}
                members={details.members}
                isForModel={narrator.isWithModel}
              />
            </div>
            <Side
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
        <Idle details={details} isKnown={room !== null} onChanged={reload} />
      )}
    </div>
  )
}

function Idle({
  details,
  isKnown,
  onChanged,
}: {
  details: RoomDetails | undefined
  isKnown: boolean
  onChanged: () => void
}) {
  return (
    <main className="mx-auto w-full max-w-xl p-6">
      <div className="panel text-center">
        <h2 className="text-2xl font-semibold">{isKnown ? 'No campaign is open' : 'Opening the table…'}</h2>
        {isKnown && (
          <p className="text-soft mt-3">
            Open one from “Campaigns” above, or create your first there. Your players wait on their page and see it at
            once.
          </p>
        )}
      </div>
      {details && (
        <div className="mt-6">
          <Section title="At the table">
            <Roster details={details} onChanged={onChanged} />
          </Section>
        </div>
      )}
    </main>
  )
}

const tab =
  'text-soft data-[active]:text-accent data-[active]:border-accent min-h-11 shrink-0 border-b-2 border-transparent px-1.5 text-sm font-semibold'
const panel = 'min-h-0 grow overflow-y-auto p-4'

type SideProps = {
  roomId: string
  campaignId: string
  state: CampaignState
  entries: Parameters<typeof PlayerView>[0]['entries']
  details: RoomDetails
  onChanged: () => void
}

function Side({ roomId, campaignId, state, entries, details, onChanged }: SideProps) {
  const [shown, setShown] = useState<string>('table')
  const [pageId, setPageId] = useState<string | null>(null)
  const openPage = (id: string) => {
    setPageId(id)
    setShown('pages')
  }
  const where = { roomId, campaignId }
  return (
    <Tabs.Root
      value={shown}
      onValueChange={(value) => setShown(String(value))}
      className="border-line flex min-h-0 flex-col border-t lg:border-t-0 lg:border-l"
    >
      <Tabs.List aria-label="Console" className="border-line flex shrink-0 overflow-x-auto border-b">
        {[
          ['table', 'Table'],
          ['characters', 'Characters'],
          ['world', 'World'],
          ['notes', 'Notes'],
          ['pages', 'Pages'],
          ['narrator', 'Narrator'],
          ['preview', 'What players see'],
        ].map(([value, label]) => (
          <Tabs.Tab key={value} value={value} className={tab}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Part value="table" of={state}>
        <Section title="At the table">
          <Roster details={details} onChanged={onChanged} />
        </Section>
        <Section title="Turns">
          <TurnEditor roomId={roomId} state={state} />
        </Section>
      </Part>
      <Part value="characters" of={state}>
        <CharacterList characters={state.characters} members={details.members} campaignId={campaignId} />
      </Part>
      <Part value="world" of={state}>
        <WorldEditor state={state} campaignId={campaignId} />
      </Part>
      <Part value="notes" of={state}>
        <DraftField
          label="DM notes"
          rows={16}
          maxLength={20_000}
          value={state.dmNotes}
          draftKey={`${campaignId}.notes`}
          toPatch={(dmNotes) => ({ dmNotes })}
        />
        <NamedPages where={where} notes={state.dmNotes} open={openPage} />
      </Part>
      <Part value="pages" of={state}>
        <Pages where={where} openId={pageId} open={setPageId} />
      </Part>
      <Part value="narrator" of={state}>
        <NarratorSettings roomId={roomId} />
      </Part>
      <Part value="preview" of={state}>
        <div className="border-line bg-page mx-auto max-w-sm overflow-hidden rounded-3xl border-4">
          <PlayerView
            view={playerView(state)}
            entries={entries.filter(isForPlayers).map(entryForPlayers).slice(-30)}
            more={false}
            myId={null}
            isFramed
          />
        </div>
      </Part>
    </Tabs.Root>
  )
}

/** One that can't be drawn leaves the others, and is tried again with the next change. */
function Part({ value, of, children }: { value: string; of: CampaignState; children: ReactNode }) {
  return (
    <Tabs.Panel value={value} className={panel}>
      <Guard of={of} instead={<AsWritten text="This part can’t be shown. What is in it is safe on the server." />}>
        {children}
      </Guard>
    </Tabs.Panel>
  )
}
