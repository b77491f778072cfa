import { useQuery } from '@tanstack/react-query'
import { History } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Link, useParams } from 'wouter'
import { queries } from '../../queries.tsx'
import { ConnectionStatus } from '../../live/ConnectionStatus.tsx'
import { StaleNotice } from '../../live/StaleNotice.tsx'
import { Button, ThemeButton } from '../../ui/button.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { AgentCard } from './AgentCard.tsx'
import { colourOf, familiesOf } from './colours.ts'
import { GameFeed } from './GameFeed.tsx'
import type { GameState } from './game-state.ts'
import { Lineage } from './Lineage.tsx'
import { NewsBox } from './NewsBox.tsx'
import { ReplayBar } from './ReplayBar.tsx'
import { ScoreChart } from './ScoreChart.tsx'
import { SessionConnection, useArena } from './session-connection.ts'
import { useReplay } from './use-replay.ts'

export function SessionPage() {
  const { sessionId = '' } = useParams()
  useEffect(() => {
    const connection = new SessionConnection(sessionId)
    return () => connection.close()
  }, [sessionId])
  const live = useArena((state) => state.game)
  const link = useArena((state) => state.link)
  const seq = useArena((state) => state.position?.seq ?? null)
  const heardAt = useArena((state) => state.heardAt)
  const [isReplaying, setIsReplaying] = useState(false)
  const replay = useReplay(sessionId, isReplaying && live.ended)
  const game = replay?.game ?? live
  // Whether this person may feed the session, which may not exist yet.
  const { data: session } = useQuery({
    ...queries.arena.session.queryOptions({ sessionId }),
    retry: false,
    refetchInterval: (query) => (query.state.data ? false : 3_000),
  })
  useEffect(() => {
    document.title = `${live.waiting ? 'Waiting · ' : ''}${sessionId} · Arena · Tablecast`
  }, [live.waiting, sessionId])

  return (
    <div className="min-h-dvh">
      <PageHeader back="/arena" backLabel="To the arena’s sessions" title={sessionId} subtitle={stageOf(game)} isSticky>
        <ConnectionStatus link={link} seq={seq} heardAt={heardAt} />
        <ThemeButton />
      </PageHeader>
      <Announcements game={live} />
      <main className="mx-auto flex max-w-7xl flex-col gap-4 p-3 sm:p-5">
        <StaleNotice link={link} />
        {replay ? (
          <ReplayBar replay={replay} onClose={() => setIsReplaying(false)} />
        ) : (
          live.ended && (
            <Button className="self-start" disabled={isReplaying} onClick={() => setIsReplaying(true)}>
              <History size={16} aria-hidden="true" /> {isReplaying ? 'Reading the recording…' : 'Replay the game'}
            </Button>
          )
        )}
        {game.agents.length === 0 ? (
          <Empty isKnown={session !== undefined} sessionId={sessionId} />
        ) : (
          // On a phone there is one column, with the game master's box right below the news.
          <div className="flex flex-col gap-4 lg:grid lg:grid-cols-[minmax(0,1fr)_24rem]">
            <div className="contents min-w-0 flex-col gap-4 lg:flex">
              <News game={game} />
              <Agents game={game} />
              <section aria-label="Points" className="panel order-5">
                <h2 className="mb-2 text-lg font-semibold">Points</h2>
                <ScoreChart agents={game.agents} />
              </section>
              <section aria-label="Lineage" className="panel order-6">
                <h2 className="mb-2 text-lg font-semibold">Lineage</h2>
                <Lineage agents={game.agents} round={game.round} />
              </section>
            </div>
            <div className="contents min-w-0 flex-col gap-4 lg:flex">
              {session?.mine && !live.ended && (
                <NewsBox sessionId={sessionId} round={live.round} waiting={live.waiting} />
              )}
              <section aria-label="Feed" className="panel order-4">
                <h2 className="mb-3 text-lg font-semibold">What happens</h2>
                <GameFeed feed={game.feed} agents={game.agents} />
              </section>
            </div>
          </div>
        )}
      </main>
    </div>
  )
}

function stageOf({ agents, ended, waiting, round, phase }: GameState): string {
  if (agents.length === 0) return 'Not begun'
  if (ended) return 'The game is over'
  if (waiting) return `Waiting for news · round ${round + 1}`
  if (round === 0) return 'About to begin'
  return `Round ${round}${phase ? ` · ${phase}` : ''}`
}

function News({ game: { news, round, context, waiting } }: { game: GameState }) {
  return (
    <section aria-label="The news of the round" className="panel bg-raised order-1">
      <p className="text-accent text-sm font-semibold">{round === 0 ? 'Before the first round' : `Round ${round}`}</p>
      <p className="mt-1 font-serif text-xl leading-snug break-words sm:text-2xl">
        {news ? `“${news}”` : waiting ? 'The arena waits for a piece of fake news.' : 'The agents take their places.'}
      </p>
      {context && <p className="text-soft mt-2 text-sm break-words">{context}</p>}
    </section>
  )
}

/** The living first, by points. The dead stay visible. */
function Agents({ game: { agents } }: { game: GameState }) {
  const families = familiesOf(agents)
  const names = new Map(agents.map(({ id, name }) => [id, name]))
  const living = agents.filter(({ diedIn }) => diedIn === null)
  const dead = agents.filter(({ diedIn }) => diedIn !== null)
  const card = (agent: (typeof agents)[number]) => (
    <AgentCard
      key={agent.id}
      agent={agent}
      colour={colourOf(agent.persona, families)}
      parentName={agent.parentId === null ? null : (names.get(agent.parentId) ?? agent.parentId)}
    />
  )
  return (
    <section aria-label="Agents" className="order-3">
      <h2 className="mb-2 text-lg font-semibold">
        In the arena <span className="text-soft text-sm font-normal">{living.length} alive</span>
      </h2>
      <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">{living.map(card)}</ul>
      {dead.length > 0 && (
        <>
          <h2 className="mt-4 mb-2 text-lg font-semibold">Out</h2>
          <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">{dead.map(card)}</ul>
        </>
      )}
    </section>
  )
}

function Empty({ isKnown, sessionId }: { isKnown: boolean; sessionId: string }) {
  return (
    <div className="mx-auto max-w-md py-16 text-center">
      <h2 className="text-2xl font-semibold">{isKnown ? 'The agents are on their way' : 'No such session yet'}</h2>
      <p className="text-soft mt-3 break-words">
        {isKnown
          ? 'An engine takes the session in a moment. It appears here by itself.'
          : `As soon as somebody starts ${sessionId}, it appears here by itself.`}
      </p>
      <Link to="/arena" className="text-accent mt-6 inline-block underline">
        To the sessions
      </Link>
    </div>
  )
}

/** The text for screen readers: rounds, deaths, clones, the end, and that the game waits. */
function Announcements({ game: { feed, waiting } }: { game: GameState }) {
  const [before] = useState(() => feed.length)
  const newest = feed.findLast(({ kind }) => kind !== 'phase' && kind !== 'said')
  const text = newest && feed.length > before ? newest.text : ''
  return (
    <p role="status" className="sr-only">
      {text} {waiting ? 'The arena waits for news.' : ''}
    </p>
  )
}
