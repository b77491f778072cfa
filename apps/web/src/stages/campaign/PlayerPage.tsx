import { X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Navigate, useParams } from 'react-router'
import { api } from '../../api.ts'
import { dismissAway, isStale, useLive } from '../../live/live-store.ts'
import { Button, IconButton, ThemeButton } from '../../ui/button.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Switch } from '../../ui/switch.tsx'
import { withWhispers } from '../../live/whispers.ts'
import { BeingWritten } from './BeingWritten.tsx'
import { loadDice } from './DiceButton.tsx'
import { NoSeat, useWhyNoSeat } from './NoSeat.tsx'
import { loadRecap, RecapButton, RecapOffer } from './RecapButton.tsx'
import { RoomStatus } from './RoomStatus.tsx'
import { PlayerComposer } from './PlayerComposer.tsx'
import { PlayerView } from './PlayerView.tsx'
import { PresenceStrip } from './PresenceStrip.tsx'
import { type TurnCue, turnCue, useAnnouncement, useTabNews, useTurnSound } from './use-news.ts'
import { loadOlder, useRoom } from './use-room.ts'

const parts = [
  ['story', 'Story'],
  ['party', 'Party'],
  ['world', 'World'],
] as const

export function PlayerPage() {
  const { roomId = '' } = useParams()
  const seat = useRoom(roomId)
  const { details } = seat
  const why = useWhyNoSeat(seat)
  const room = useLive((state) => state.room)
  const stale = useLive(isStale)
  const narrating = useLive((state) => state.narrating)
  const [part, setPart] = useState<(typeof parts)[number][0]>('story')
  const myId = details?.me.userId ?? ''
  const campaign = room?.audience === 'player' ? room.campaign : null
  const whispers = useLive((state) => state.whispers)
  const story = campaign ? withWhispers(campaign.entries, whispers, campaign.id) : []
  const cue = turnCue(campaign?.view ?? null, myId)
  useTabNews(campaign?.name ?? details?.room.name ?? 'Table', cue)
  const sound = useTurnSound(cue)
  const announcement = useAnnouncement(cue)
  usePartsAtHand()

  if (why) return <NoSeat why={why} />
  if (details && (details.role === 'owner' || details.role === 'dm')) return <Navigate to={`/r/${roomId}/dm`} replace />

  return (
    <div className="flex h-dvh flex-col">
      <PageHeader
        back="/"
        backLabel="To the start page"
        title={campaign?.name ?? details?.room.name ?? 'Taking a seat…'}
        subtitle={campaign && details?.room.name}
      >
        {campaign && <RecapButton roomId={roomId} />}
        <RoomStatus />
        <div className="flex items-center gap-4">
          <ReadySwitch roomId={roomId} myId={myId} />
          <Switch label="Turn sound" checked={sound.isOn} onChange={sound.choose} />
          <ThemeButton />
        </div>
      </PageHeader>
      <PresenceStrip myId={myId} />
      <TurnBanner cue={cue} />
      <AwayNote />
      {campaign && (
        <RecapOffer key={campaign.id} roomId={roomId} campaignId={campaign.id} entries={campaign.entries.length} />
      )}
      <p role="status" className="sr-only">
        {announcement}
      </p>
      <main className={`flex min-h-0 grow flex-col transition ${stale && campaign ? 'opacity-75' : ''}`}>
        {campaign ? (
          <PlayerView
            key={campaign.id}
            view={campaign.view}
            entries={story}
            more={campaign.more}
            myId={myId}
            own={{ roomId, campaignId: campaign.id }}
            part={part}
            loadOlder={() => loadOlder(roomId)}
            tail={<BeingWritten />}
            tailKey={narrating?.text?.length ?? (narrating ? 1 : 0)}
          >
            <PlayerComposer roomId={roomId} isSpectator={details?.role === 'spectator'} />
          </PlayerView>
        ) : (
          <Waiting isKnown={room !== null} />
        )}
      </main>
      {campaign && (
        <nav aria-label="Parts of the table" className="border-line flex border-t lg:hidden">
          {parts.map(([value, label]) => (
            <Button
              key={value}
              look="quiet"
              aria-current={part === value ? 'page' : undefined}
              className={`grow rounded-none ${part === value ? '!text-accent font-semibold' : ''}`}
              onClick={() => setPart(value)}
            >
              {label}
            </Button>
          ))}
        </nav>
      )}
    </div>
  )
}

function Waiting({ isKnown }: { isKnown: boolean }) {
  return (
    <div className="m-auto max-w-md p-8 text-center">
      <p aria-hidden="true" className="text-accent mb-4 text-5xl">
        ⬢
      </p>
      <h2 className="text-2xl font-semibold">{isKnown ? 'No active campaign' : 'Opening the table…'}</h2>
      <p className="text-soft mt-3">
        {isKnown
          ? 'Waiting for the DM to open one. It appears here by itself; you can leave this page open.'
          : 'One moment.'}
      </p>
    </div>
  )
}

function TurnBanner({ cue }: { cue: TurnCue }) {
  if (!cue) return null
  return cue === 'your_turn' ? (
    <p className="bg-accent text-on-accent arrive px-4 py-2 text-center text-lg font-semibold">Your turn</p>
  ) : (
    <p className="bg-raised text-accent arrive px-4 py-1 text-center text-sm">On deck: you are next</p>
  )
}

function AwayNote() {
  const away = useLive((state) => state.away)
  if (away.length === 0) return null
  return (
    <section
      aria-label="While you were away"
      className="bg-raised border-line arrive flex items-start gap-3 border-b px-4 py-2"
    >
      <div className="mx-auto w-full max-w-[42rem]">
        <h2 className="text-accent font-sans text-sm font-semibold">While you were away</h2>
        <ul className="text-sm">
          {away.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </div>
      <IconButton label="Dismiss the summary" onClick={dismissAway}>
        <X size={17} />
      </IconButton>
    </section>
  )
}

function ReadySwitch({ roomId, myId }: { roomId: string; myId: string }) {
  const status = useLive(({ roster }) => roster.find(({ userId }) => userId === myId)?.status)
  const choose = (isReady: boolean) =>
    void api.presence.set.mutate({ roomId, status: isReady ? 'ready' : 'away' }).catch(() => {})
  return <Switch label="Ready" checked={status === 'ready'} onChange={choose} />
}

/** With the first sign of a person, what they may open is fetched, so that it is there by then and when the network is not. */
function usePartsAtHand(): void {
  useEffect(() => {
    const signs = new AbortController()
    const fetchParts = () => {
      signs.abort()
      // What fails is asked for again when it is wanted.
      void Promise.allSettled([loadDice(), loadRecap()])
    }
    for (const sign of ['pointermove', 'pointerdown', 'keydown'])
      addEventListener(sign, fetchParts, { signal: signs.signal })
    return () => signs.abort()
  }, [])
}
