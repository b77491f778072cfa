import {
  type ArenaEvent,
  ArenaEventsInput,
  ArenaSinceInput,
  SessionInput,
  StartSessionInput,
  SubmitNewsInput,
} from '@tablecast/contracts'
import { type Procedures, router } from '../../trpc.ts'
import { ChannelStream, type StreamScope } from '../../transport/stream.ts'
import type { ArenaLive } from './live.ts'
import type { ArenaGames } from './games.ts'

export type ArenaRouterDeps = { games: ArenaGames; live: ArenaLive; maxBufferedBytes: number }

/** Every caller may watch. A signed-in user may start a game, and is its game master. */
export function arenaRouter({ open, signedIn }: Procedures, deps: ArenaRouterDeps) {
  const { games, live, maxBufferedBytes } = deps
  return router({
    sessions: open.query(async ({ ctx }) => ({
      sessions: await games.list({ userId: ctx.session.identity?.userId ?? null }),
    })),
    session: open
      .input(SessionInput)
      .query(({ ctx, input }) => games.get({ userId: ctx.session.identity?.userId ?? null }, input.sessionId)),
    start: signedIn.input(StartSessionInput).mutation(async ({ ctx, input: { key, sessionId, rounds, seed } }) => {
      const options = { ...(rounds === undefined ? {} : { rounds }), ...(seed === undefined ? {} : { seed }) }
      await games.start(ctx.identity, { sessionId, options, key })
      return { sessionId }
    }),
    submitNews: signedIn.input(SubmitNewsInput).mutation(async ({ ctx, input }) => {
      await games.feed(ctx.identity, input)
      return { sessionId: input.sessionId }
    }),

    /** The game so far, or its events after `lastEventId`, then live events. Waits for a game that does not exist yet. */
    events: open.input(ArenaEventsInput).subscription(({ ctx: { limits }, input, signal }) => {
      const open = async (stream: StreamScope) => {
        stream.hold(limits.subscribe())
        const left = new AbortController()
        stream.hold(() => left.abort())
        const joined = await live.join(input.sessionId, input.lastEventId, left.signal)
        return joined && { ...joined, lastEventId: input.lastEventId, isTracked: true, maxBufferedBytes }
      }
      return new ChannelStream<ArenaEvent>({ open, signal })
    }),

    /** The same events page by page: for polling, and for the replay of a finished game. */
    since: open.input(ArenaSinceInput).query(({ input }) => games.since(input.sessionId, input.cursor ?? null)),
  })
}
