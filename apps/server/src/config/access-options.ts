import { count, oneOf, optional, type Options } from '@tablecast/config'
import { z } from 'zod'
import { list, text } from './schemas.ts'

/** How people and programs come in, and what they may do. */
export const accessOptions = {
  COMPAT_AUTH: {
    schema: oneOf('open', 'token', 'off'),
    fallback: '',
    does: 'Plain sockets and REST: open, token or off; open by default where only this machine can connect, else token',
  },
  AUTH0_DOMAIN: {
    schema: optional(
      z
        .string()
        .regex(
          /^(https:\/\/)?[a-z0-9.-]+(:\d+)?\/?$|^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?\/?$/i,
          'must be a domain, as tenant.eu.auth0.com',
        ),
    ),
    fallback: '',
    does: 'Accounts: the domain of the Auth0 tenant (or of a provider with the same interface)',
  },
  AUTH0_AUDIENCE: {
    schema: text,
    fallback: '',
    does: 'Accounts: the identifier of the API that access tokens are for',
  },
  AUTH0_CLIENT_ID: { schema: text, fallback: '', does: 'Accounts: the id of the single-page application' },
  GUESTS: {
    schema: oneOf('on', 'off'),
    fallback: '',
    does: 'Whether a name is enough to come in: on or off; off by default where there are accounts',
  },
  SESSION_SECRET: {
    schema: optional(z.string().min(32, 'must be at least 32 characters')),
    fallback: '',
    does: 'The key that signs guest tokens; made once in DATA_DIR, required with DATABASE_URL',
  },
  OPERATORS: {
    schema: list,
    fallback: '',
    does: 'User ids that may watch the nodes at /ops, separated by commas; where COMPAT_AUTH is open, everyone signed in may',
  },
  AUDIT_KEEP_DAYS: { schema: count(36_500), fallback: '180', does: 'Days that the audit trail is kept' },
  INVITE_ATTEMPTS_PER_MINUTE: {
    schema: count(100_000),
    fallback: '20',
    does: 'Wrong invites that one address may try in a minute',
  },
} satisfies Options
