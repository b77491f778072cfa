// `POST /api/tickets`: tickets for plain sockets. `POST /api/sign-out`: a browser forgets what it stored.
import { TICKET_SECONDS, TablecastError, TicketCreated } from '@tablecast/contracts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { refusals } from '../http/rest.ts'
import type { Auth } from './auth.ts'
import { bareToken } from '../transport/bearer.ts'
import type { Tickets } from './tickets.ts'

export function ticketsHttp(app: FastifyInstance, { auth, tickets }: { auth: Auth; tickets: Tickets }): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/api/tickets',
    {
      config: { access: 'signedIn' },
      schema: {
        tags: ['access'],
        summary: 'Get a ticket for a plain socket',
        description: `Send it as \`ticket=\` when opening the socket. Good for one connection, within ${TICKET_SECONDS} seconds; no token then stands in a URL.`,
        response: { 201: TicketCreated, ...refusals(401, 429, 503) },
      },
    },
    async (request, reply) => {
      const ticket = await tickets.create(await callerOf(auth, request))
      void reply.status(201)
      return { ticket, expires_in: TICKET_SECONDS }
    },
  )
}

/**
 * The answer makes the browser remove the files and pictures that it keeps of this server, and all that its pages stored. The token is in a
 * header, which no page of another origin can send here. An origin of `CORS_ORIGINS` can, so the browser's word on who asks counts as well.
 */
export function signOutHttp(app: FastifyInstance, { auth }: { auth: Auth }): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/api/sign-out',
    {
      config: { access: 'signedIn' },
      schema: {
        tags: ['access'],
        summary: 'Make this browser forget what it stored',
        description: 'Answers with `Clear-Site-Data`. For pages of this server alone.',
        response: { 204: z.null(), ...refusals(401, 403, 429, 503) },
      },
    },
    async (request, reply) => {
      await callerOf(auth, request)
      const from = request.headers['sec-fetch-site']
      if (from !== undefined && from !== 'same-origin')
        throw new TablecastError('FORBIDDEN', 'Only a page of this server can sign out here.')
      void reply.status(204).header('clear-site-data', '"cache", "storage"')
      return null
    },
  )
}

async function callerOf(auth: Auth, { headers }: FastifyRequest) {
  const token = bareToken(headers.authorization)
  const identity = token ? await auth.verify(token) : null
  if (!identity) throw new TablecastError('UNAUTHORIZED', 'A valid token is needed. Sign in, and send its token.')
  return identity
}
