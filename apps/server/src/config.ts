// The settings of the server, from its environment. No other code reads the environment.
import { ConfigError, type Environment, parseOptions, usageOf } from '@tablecast/config'
import { auth0 } from './config/access.ts'
import { type Config, options } from './config/options.ts'
import { narratorModel } from './config/stages.ts'

export { ConfigError }
export { admitsGuests, auth0, isOperator, plainAuthMode, signInOf } from './config/access.ts'
export { type Config, options } from './config/options.ts'
export { allowsCors, isBehindProxy, isLoopback } from './config/reach.ts'
export { secretsOf } from './config/secrets.ts'
export { hasSampleMarket, namesFeeds, narratorModel, playsArena, simulatesMarket } from './config/stages.ts'

/** Throws `ConfigError` with one line that names the variable. */
export function parseConfig(environment: Environment): Config {
  const config = parseOptions(options, {
    ...environment,
    PORT: environment['PORT'] ?? environment['GATEWAY_PORT'],
  })
  if (config.DATABASE_URL && !config.SESSION_SECRET)
    throw new ConfigError('SESSION_SECRET: required with DATABASE_URL, so that every node reads the same tokens')
  const account = [config.AUTH0_DOMAIN, config.AUTH0_AUDIENCE, config.AUTH0_CLIENT_ID]
  if (account.some(Boolean) && !account.every(Boolean))
    throw new ConfigError('AUTH0_DOMAIN: AUTH0_DOMAIN, AUTH0_AUDIENCE and AUTH0_CLIENT_ID go together')
  if (config.GUESTS === 'off' && !auth0(config))
    throw new ConfigError('GUESTS: off needs AUTH0_DOMAIN, else nobody could come in')
  if (config.MAX_IMPORT_BYTES * 2 > config.MAX_BODY_BYTES_IN_FLIGHT_PER_IP)
    throw new ConfigError(
      'MAX_IMPORT_BYTES: at most half of MAX_BODY_BYTES_IN_FLIGHT_PER_IP, else no import would be taken',
    )
  if (config.MAX_BODY_BYTES_IN_FLIGHT_PER_IP > config.MAX_BODY_BYTES_IN_FLIGHT)
    throw new ConfigError('MAX_BODY_BYTES_IN_FLIGHT_PER_IP: at most MAX_BODY_BYTES_IN_FLIGHT')
  if (Boolean(config.PUSH_PUBLIC_KEY) !== Boolean(config.PUSH_PRIVATE_KEY))
    throw new ConfigError('PUSH_PUBLIC_KEY: PUSH_PUBLIC_KEY and PUSH_PRIVATE_KEY go together')
  if (config.NARRATOR !== 'scribe' && !narratorModel(config))
    throw new ConfigError(`NARRATOR: ${config.NARRATOR} needs LLM_BASE_URL and LLM_MODEL`)
  return config
}

export const usage = (): string => usageOf(options)
