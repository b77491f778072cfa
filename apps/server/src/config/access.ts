import type { Config } from './options.ts'
import { isForThisMachine } from './reach.ts'

export const plainAuthMode = (config: Config): 'open' | 'token' | 'off' =>
  config.COMPAT_AUTH ?? (isForThisMachine(config) ? 'open' : 'token')

/** Whether this signed-in user may watch the nodes. */
export const isOperator = (config: Config, userId: string): boolean =>
  plainAuthMode(config) === 'open' || config.OPERATORS.includes(userId)

/** The provider of accounts; null when none is configured. */
export const auth0 = ({ AUTH0_DOMAIN: domain, AUTH0_AUDIENCE: audience, AUTH0_CLIENT_ID: clientId }: Config) =>
  domain && audience && clientId ? { domain: domain.replace(/\/$/, ''), audience, clientId } : null

export const admitsGuests = (config: Config): boolean => (config.GUESTS ?? (auth0(config) ? 'off' : 'on')) === 'on'

/** The ways in which people may sign in. */
export const signInOf = (config: Config): { guests: boolean; account: ReturnType<typeof auth0> } => ({
  guests: admitsGuests(config),
  account: auth0(config),
})
