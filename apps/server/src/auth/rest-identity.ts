import { TablecastError } from '@tablecast/contracts'
import type { FastifyRequest } from 'fastify'
import { bareToken } from '../transport/bearer.ts'
import type { Identity } from '../transport/identity.ts'
import type { Auth } from './auth.ts'

/** The caller of a route that pages use. Throws UNAUTHORIZED. */
export async function identityOf(auth: Pick<Auth, 'identify'>, { headers }: FastifyRequest): Promise<Identity> {
  const token = bareToken(headers.authorization)
  if (token === null) throw new TablecastError('UNAUTHORIZED', 'Sign in first: send the token of auth.guest.')
  return auth.identify(token)
}
