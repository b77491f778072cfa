// `POST /api/tickets`: tickets for plain sockets.
import { TICKET_SECONDS, TablecastError, TicketCreated } from '@tablecast/contracts'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
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
    async ({ headers }, reply) => {
      const token = bareToken(headers.authorization)
      const identity = token ? await auth.verify(token) : null
      if (!identity) throw new TablecastError('UNAUTHORIZED', 'A valid token is needed. Sign in, and send its token.')
      const ticket = await tickets.create(identity)
      void reply.status(201)
      return { ticket, expires_in: TICKET_SECONDS }
    },
  )
}
