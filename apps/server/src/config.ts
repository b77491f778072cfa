// All environment variables of the server, parsed once. No other code reads the environment.
import {
  arenaOptions,
  busOptions,
  ConfigError,
  count,
  type Environment,
  flag,
  logOptions,
  modelOptions,
  narratorOptions,
  oneOf,
  optional,
  type Options,
  parseOptions,
  redisOptions,
  simulatorOptions,
  storeOptions,
  usageOf,
  type Values,
} from '@tablecast/config'
import { isIP, isIPv4 } from 'node:net'
import { z } from 'zod'
import { createAddressOf } from './transport/client-address.ts'

export { ConfigError }

const port = z.coerce.number<string>().int().min(0).max(65_535)
const text = z.string().transform((value) => value.trim() || undefined)
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
)

/** The form of an `Origin` header. `origins` first removes a final slash. */
const isOrigin = (text: string) =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && originOf(text) === text
const originOf = (text: string) => new URL(text).origin
const origins = list
  .transform((all) => all.map((one) => one.replace(/\/$/, '')))
  .refine(
    (all) => all.every(isOrigin),
    'must be exact origins, as https://overlay.example, several separated by commas',
  )
const ROOT = 'must be an address without a path, as https://table.example: pages and sockets are served from its root'
const isRoot = (text: string) => text === '' || originOf(text) === text.replace(/\/$/, '').toLowerCase()
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i
const DEFAULT_FEEDS = 'levels=LEVEL_SIGNALS/levels.signals'

/** The settings as data: `--help`, `.env.example` and the tables of the docs come from them. */
export const options = {
  PORT: { schema: port, fallback: '8000', does: 'Where to listen (GATEWAY_PORT is read as an alias)' },
  HOST: {
    schema: z
      .string()
      .trim()
      .refine(
        (host) => isIP(host) > 0 || (HOST_NAME.test(host) && !/^[\d.]+$/.test(host)),
        'must be an address or a name of this machine, as 127.0.0.1, 0.0.0.0 or ::',
      ),
    fallback: '127.0.0.1',
    does: 'Address to listen on; 0.0.0.0 lets the local network in',
  },
  ...storeOptions,
  ...busOptions,
  ...redisOptions,
  ...logOptions,
  METRICS_PORT: {
    schema: z.union([z.literal('').transform(() => undefined), port]),
    fallback: '',
    does: 'A port of its own for /metrics, on HOST; without it, /metrics on PORT, for this machine alone',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    schema: optional(z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })),
    fallback: '',
    does: 'Traces: an OpenTelemetry collector that takes OTLP over HTTP, as http://127.0.0.1:4318',
  },
  OTEL_SERVICE_NAME: { schema: z.string().min(1), fallback: 'tablecast', does: 'Traces: what this service is called' },
  COMPAT_AUTH: {
    schema: oneOf('open', 'token', 'off'),
    fallback: '',
    does: 'Plain sockets and REST: open, token or off; open by default where only this machine comes in, else token',
  },
  ALLOWED_ORIGINS: {
    schema: origins,
    fallback: '',
    does: 'More exact origins that may open sockets, separated by commas',
  },
  CORS_ORIGINS: {
    schema: z.union([z.literal('*'), origins], 'must be exact origins, separated by commas, or * alone for every page'),
    fallback: '',
    does: 'Exact origins that may call the HTTP API and Socket.IO, separated by commas; * lets every page',
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
    does: 'Accounts: the domain of the Auth0 tenant (or of a provider that speaks as it does)',
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
    does: 'Signs guest tokens; made once in DATA_DIR, required with DATABASE_URL',
  },
  PUBLIC_URL: {
    schema: z
      .union([z.literal(''), z.url({ protocol: /^https?$/ })], 'must be an http:// or https:// address')
      .refine(isRoot, ROOT)
      .transform((url) => url.replace(/\/$/, '') || undefined),
    fallback: '',
    does: 'The address that people use, when a proxy stands before the server',
  },
  MAX_FRAME_BYTES: { schema: count(16_777_216), fallback: '65536', does: 'Largest frame that a client may send' },
  MAX_BODY_BYTES: {
    schema: count(16_777_216),
    fallback: '131072',
    does: 'Largest body of an HTTP request; a DM may send more where a campaign is edited or imported',
  },
  MAX_IMPORT_BYTES: {
    schema: count(1_073_741_824),
    fallback: '33554432',
    does: 'Largest campaign that a DM may import',
  },
  MAX_BODY_BYTES_IN_FLIGHT_PER_IP: {
    schema: count(4_294_967_296),
    fallback: '67108864',
    does: 'Bytes of bodies of one address that are received or worked on at a time; imports have at most half of it',
  },
  MAX_BODY_BYTES_IN_FLIGHT: {
    schema: count(17_179_869_184),
    fallback: '268435456',
    does: 'The same in all',
  },
  BODY_TIMEOUT: {
    schema: count(600),
    fallback: '10',
    does: 'Seconds that the body of a request may take, and one more for each 64 KiB of it',
  },
  MAX_BUFFERED_BYTES: {
    schema: count(268_435_456),
    fallback: '1048576',
    does: 'Bytes that may wait in one socket before its reader waits',
  },
  MAX_SOCKETS_PER_IP: { schema: count(1_000_000), fallback: '200', does: 'Sockets from one address' },
  MAX_SOCKETS: { schema: count(1_000_000), fallback: '10000', does: 'Sockets in all' },
  MAX_SOCKETS_PER_USER: { schema: count(1_000_000), fallback: '50', does: 'Connections of one user' },
  MAX_SOCKETS_PER_ROOM: { schema: count(1_000_000), fallback: '5000', does: 'Connections that follow one room' },
  MAX_MEMBERS_PER_ROOM: { schema: count(100_000), fallback: '2000', does: 'Members of one room' },
  MAX_ROOMS_PER_USER: { schema: count(100_000), fallback: '100', does: 'Rooms that one person may own' },
  MAX_CAMPAIGN_PAGES_BYTES: {
    schema: count(1_073_741_824),
    fallback: '5242880',
    does: 'Bytes of the pages of one campaign, which hold the text of an imported adventure',
  },
  MAX_SUBSCRIPTIONS_PER_SOCKET: { schema: count(10_000), fallback: '32', does: 'Subscriptions on one connection' },
  CALLS_PER_SECOND: {
    schema: count(1_000_000),
    fallback: '50',
    does: 'Calls and messages per second on one connection',
  },
  MAX_ARRIVALS_AT_ONCE: {
    schema: count(10_000),
    fallback: '100',
    does: 'Connections of pages that sign in and start their streams at a time; the others wait for their turn',
  },
  CONNECTIONS_PER_SECOND_PER_IP: {
    schema: count(1_000_000),
    fallback: '50',
    does: 'New connections per second of one address, and four times as many at once',
  },
  CALLS_PER_SECOND_PER_IP: {
    schema: count(1_000_000),
    fallback: '200',
    does: 'Calls per second of one address, over all its connections and requests',
  },
  MAX_CALLS_IN_FLIGHT: {
    schema: count(10_000),
    fallback: '64',
    does: 'Calls on one connection that wait for an answer',
  },
  INVITE_ATTEMPTS_PER_MINUTE: {
    schema: count(100_000),
    fallback: '20',
    does: 'Wrong invites that one address may try in a minute',
  },
  DRAIN_SECONDS: {
    schema: count(600, 0),
    fallback: '2',
    does: 'After SIGTERM: seconds over which the clients are sent elsewhere; longer than a balancer takes to notice',
  },
  HEADER_TIMEOUT: { schema: count(600), fallback: '10', does: 'Seconds that the head of a request may take' },
  IDLE_TIMEOUT: {
    schema: count(86_400),
    fallback: '120',
    does: 'Seconds after which a connection to /trpc that asks for nothing and follows nothing is closed',
  },
  TRUSTED_PROXIES: {
    schema: list.superRefine((trusted, context) => {
      try {
        createAddressOf(trusted)
      } catch {
        context.addIssue('must be addresses or networks, as 10.0.0.0/8 or loopback, separated by commas')
      }
    }),
    fallback: '',
    does: 'Proxies whose word on the client’s address counts (X-Forwarded-For): addresses, networks, or loopback',
  },
  OPERATORS: {
    schema: list,
    fallback: '',
    does: 'User ids that may watch the nodes at /ops, separated by commas; where COMPAT_AUTH is open, everyone signed in may',
  },
  AUDIT_KEEP_DAYS: { schema: count(36_500), fallback: '180', does: 'Days that the audit trail is kept' },
  SCENARIO_SECONDS: {
    schema: count(600),
    fallback: '10',
    does: 'Seconds that reading an imported scenario may take, in a thread of its own',
  },
  RING_SIZE: { schema: count(100_000), fallback: '100', does: 'Topics: messages kept for replay, per topic' },
  QUEUE_SIZE: {
    schema: count(100_000),
    fallback: '100',
    does: 'Topics: messages that may wait for a slow subscriber; the oldest are dropped, and counted',
  },
  SLOW_CONSUMER_TIMEOUT: {
    schema: count(3_600),
    fallback: '30',
    does: 'Topics: seconds after which a subscriber that reads nothing is closed',
  },
  TOPICS_DURABLE: {
    schema: flag,
    fallback: 'false',
    does: 'Topics: keep them and their messages in the database, over restarts',
  },
  KEY_MESSAGES_PER_SECOND: {
    schema: count(1_000_000),
    fallback: '200',
    does: 'Topics: messages per second with one API key',
  },
  MAX_TOPICS: { schema: count(1_000_000), fallback: '1000', does: 'Topics in all' },
  SIGNALS_FEEDS: {
    schema: z.string().transform((text, context) => {
      if (text.trim() === 'none') return []
      const feeds = text
        .split(',')
        .map((part) => /^([A-Za-z0-9_-]{1,64})=([^\s.*>/]{1,64})\/([^\s*>/]{1,128})$/.exec(part.trim()))
        .map((match) => match && { name: match[1] ?? '', stream: match[2] ?? '', subject: match[3] ?? '' })
      if (feeds.some((feed) => feed === null))
        context.addIssue('must be name=STREAM/subject, several separated by commas, or none')
      return feeds.filter((feed) => feed !== null)
    }),
    fallback: DEFAULT_FEEDS,
    does: 'Signals: feeds as name=STREAM/subject, or none; /ws/stream serves the first; each stream has to exist',
  },
  SIGNALS_CONSUMER: {
    schema: oneOf('durable', 'broadcast'),
    fallback: '',
    does: 'Signals: durable (one gateway, goes on where it was) or broadcast (each node by itself); durable unless several nodes share a database',
  },
  SIGNALS_DEMO: {
    schema: flag,
    fallback: 'false',
    does: 'Signals: without NATS_URL, publish a generated series on the first feed',
  },
  ARENA_ENGINE: {
    schema: oneOf('embedded', 'off'),
    fallback: '',
    does: 'Plays the games inside the server: embedded or off; embedded by default without NATS_URL',
  },
  ARENA_MAX_SESSIONS: { schema: count(100_000), fallback: '100', does: 'Games that may run at a time' },
  ARENA_KEEP_SESSIONS: { schema: count(1_000_000), fallback: '200', does: 'Finished games that are kept for replay' },
  MARKET_SAMPLE: {
    schema: oneOf('true', 'false'),
    fallback: '',
    does: 'Market: begin with sample sectors, agents and discussions while there are none; true unless DATABASE_URL is set',
  },
  MARKET_SIM: {
    schema: oneOf('embedded', 'off'),
    fallback: '',
    does: 'Market: runs the simulator inside the server: embedded or off; embedded by default without DATABASE_URL and REDIS_URL',
  },
  MARKET_EDITORS: {
    schema: list,
    fallback: '',
    does: 'Market: user ids that may change sectors and agents where a token is asked for, separated by commas',
  },
  MARKET_KEEP_MESSAGES: {
    schema: count(10_000_000),
    fallback: '10000',
    does: 'Market: messages kept in each discussion',
  },
  MARKET_KEEP_DAYS: { schema: count(36_500), fallback: '730', does: 'Market: days that candles are kept' },
  ...simulatorOptions,
  ...arenaOptions,
  ...modelOptions,
  ...narratorOptions,
} satisfies Options

export type Config = Values<typeof options>

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
  if (config.NARRATOR !== 'scribe' && !narratorModel(config))
    throw new ConfigError(`NARRATOR: ${config.NARRATOR} needs LLM_BASE_URL and LLM_MODEL`)
  return config
}

/** Whether pages of this origin may call the HTTP API. */
export const allowsCors = ({ CORS_ORIGINS }: Config, origin: string): boolean =>
  CORS_ORIGINS === '*' || CORS_ORIGINS.includes(origin)

/** Whether an operator has set SIGNALS_FEEDS to other feeds than the default. */
export const namesFeeds = ({ SIGNALS_FEEDS: feeds }: Config): boolean =>
  feeds.map(({ name, stream, subject }) => `${name}=${stream}/${subject}`).join() !== DEFAULT_FEEDS

/** The provider of accounts; null when none is configured. */
export const auth0 = ({ AUTH0_DOMAIN: domain, AUTH0_AUDIENCE: audience, AUTH0_CLIENT_ID: clientId }: Config) =>
  domain && audience && clientId ? { domain: domain.replace(/\/$/, ''), audience, clientId } : null

export const admitsGuests = (config: Config): boolean => (config.GUESTS ?? (auth0(config) ? 'off' : 'on')) === 'on'

/** The language model of the narrator; null unless both LLM_BASE_URL and LLM_MODEL are set. */
export const narratorModel = (config: Config): { baseUrl: string; model: string } | null =>
  config.LLM_BASE_URL && config.LLM_MODEL ? { baseUrl: config.LLM_BASE_URL, model: config.LLM_MODEL } : null

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))

export const plainAuthMode = (config: Config): 'open' | 'token' | 'off' =>
  config.COMPAT_AUTH ?? (isForThisMachine(config) ? 'open' : 'token')

/** Only this machine can connect, unless a proxy on it forwards other machines' requests from loopback. */
const isForThisMachine = (config: Config): boolean => isLoopback(config.HOST) && !isBehindProxy(config)

/** Clients reach the server through a trusted proxy, or under a name that is not of this machine. */
export const isBehindProxy = ({ PUBLIC_URL, TRUSTED_PROXIES }: Config): boolean =>
  TRUSTED_PROXIES.length > 0 || (PUBLIC_URL !== undefined && !isLoopback(new URL(PUBLIC_URL).hostname))

/** Whether this signed-in user may watch the nodes. */
export const isOperator = (config: Config, userId: string): boolean =>
  plainAuthMode(config) === 'open' || config.OPERATORS.includes(userId)

/** Words that no message may contain: keys, and passwords of URLs. */
export function secretsOf(config: Config): string[] {
  const urls = [config.DATABASE_URL, config.REDIS_URL, ...(config.NATS_URL?.split(',') ?? [])]
  const passwords = urls
    .map((url) => (url === undefined ? null : URL.parse(url.trim())))
    // Once as the URL has it, and once decoded.
    .flatMap((url) => (url?.password ? [url.password, decoded(url.password)] : []))
  const keys = [config.SESSION_SECRET, config.LLM_API_KEY].filter((secret) => secret !== undefined)
  // The longest first, because one may be a part of another.
  return [...passwords, ...keys].toSorted((a, b) => b.length - a.length)
}

/** The ways in which people may sign in. */
export const signInOf = (config: Config): { guests: boolean; account: ReturnType<typeof auth0> } => ({
  guests: admitsGuests(config),
  account: auth0(config),
})

/** Whether this process plays the arena's games itself. */
export const playsArena = (config: Config): boolean =>
  (config.ARENA_ENGINE ?? (config.NATS_URL ? 'off' : 'embedded')) === 'embedded'

/** Whether the market starts with sample data. By default it does not with DATABASE_URL, where an operator's own data may be. */
export const hasSampleMarket = (config: Config): boolean =>
  config.MARKET_SAMPLE === undefined ? !config.DATABASE_URL : config.MARKET_SAMPLE === 'true'

export const simulatesMarket = (config: Config): boolean =>
  (config.MARKET_SIM ?? (config.DATABASE_URL || config.REDIS_URL ? 'off' : 'embedded')) === 'embedded'

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

export const usage = (): string => usageOf(options)
