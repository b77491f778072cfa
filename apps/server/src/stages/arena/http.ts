// The arena's REST endpoints.
import { ArenaAccepted, ArenaId, FakeNewsBody, InitSessionBody, SubmitNewsBody } from '@tablecast/contracts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { refusals } from '../../http/rest.ts'
import type { ArenaGames, Caller } from './games.ts'

export type ArenaHttpDeps = {
  games: ArenaGames
  /** The caller of a request. Throws UNAUTHORIZED where the operator demands a token. */
  callerOf(request: FastifyRequest): Promise<Caller>
}

const answers = (...statuses: number[]) => ({
  200: ArenaAccepted,
  ...refusals(400, 401, 422, 429, 503, ...statuses),
})

export function arenaHttp(app: FastifyInstance, { games, callerOf }: ArenaHttpDeps): void {
  const rest = app.withTypeProvider<ZodTypeProvider>()

  rest.post(
    '/init_session',
    {
      schema: {
        tags: ['arena'],
        summary: 'Start a session',
        description: 'Publishes `arena.init`. The id of a finished session starts a new game under that id.',
        body: InitSessionBody,
        response: answers(409),
      },
    },
    async (request) => {
      const { session_id: sessionId, ...options } = request.body
      await games.start(await callerOf(request), { sessionId, options, key: null })
      return { status: 'ok' as const, session_id: sessionId }
    },
  )

  const feed = async (request: FastifyRequest, sessionId: string, content: string): Promise<ArenaAccepted> => {
    await games.feed(await callerOf(request), { sessionId, content, key: null })
    return { status: 'ok', session_id: sessionId }
  }

  rest.post(
    '/submit_news',
    {
      schema: {
        tags: ['arena'],
        summary: 'Feed a piece of fake news',
        description: 'Publishes the content as a plain string on `arena.<session_id>.input.fakenews`.',
        body: SubmitNewsBody,
        response: answers(403, 404, 409),
      },
    },
    (request) => feed(request, request.body.session_id, request.body.content),
  )

  rest.post(
    '/arena/:sid/fakenews',
    {
      schema: {
        tags: ['arena'],
        summary: 'Feed a piece of fake news (session in the path)',
        params: z.object({ sid: ArenaId }),
        body: FakeNewsBody,
        response: answers(403, 404, 409),
      },
    },
    (request) => feed(request, request.params.sid, request.body.content),
  )
}
