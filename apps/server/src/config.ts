// Every environment variable, parsed once. Nothing else reads the environment.
import { z } from 'zod'

type Option = { schema: z.ZodType<unknown, string | undefined>; fallback: string; does: string }

const port = z.coerce.number<string>().int().min(0).max(65_535)
const count = (max: number) => z.coerce.number<string>().int().min(1).max(max)
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
)

/** An option as data: `--help` and the table in the README come from it. */
export const options = {
  PORT: { schema: port, fallback: '8000', does: 'Where to listen (GATEWAY_PORT is read as an alias)' },
  HOST: {
    schema: z.string().min(1),
    fallback: '127.0.0.1',
    does: 'Address to listen on; 0.0.0.0 lets the local network in',
  },
  DATA_DIR: {
    schema: z.string().min(1),
    fallback: './data',
    does: 'The SQLite file and generated secrets; owned by one process at a time',
  },
  DATABASE_URL: {
    schema: z
      .union([z.literal(''), z.string().regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')])
      .transform((url) => url || undefined),
    fallback: '',
    does: 'postgres://… instead of SQLite in DATA_DIR',
  },
  LOG_LEVEL: {
    schema: z
      .string()
      .toLowerCase()
      .pipe(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])),
    fallback: 'info',
    does: 'trace, debug, info, warn, error, fatal or silent',
  },
  COMPAT_AUTH: {
    schema: z.enum(['', 'open', 'token', 'off']).transform((mode) => mode || undefined),
    fallback: '',
    does: 'Plain sockets: open, token or off; open by default on a loopback HOST, else token',
  },
  ALLOWED_ORIGINS: {
    schema: list,
    fallback: '',
    does: 'More exact origins that may open sockets, separated by commas',
  },
  CORS_ORIGINS: { schema: list, fallback: '', does: 'Exact origins that may call the HTTP API, separated by commas' },
  SESSION_SECRET: {
    schema: z
      .union([z.literal(''), z.string().min(32, 'must be at least 32 characters')])
      .transform((secret) => secret || undefined),
    fallback: '',
    does: 'Signs guest tokens; made once in DATA_DIR, required with DATABASE_URL',
  },
  PUBLIC_URL: {
    schema: z
      .union([z.literal(''), z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })])
      .transform((url) => url.replace(/\/$/, '') || undefined),
    fallback: '',
    does: 'The address that people use, when a proxy stands before the server',
  },
  MAX_FRAME_BYTES: { schema: count(16_777_216), fallback: '65536', does: 'Largest frame that a client may send' },
  MAX_BUFFERED_BYTES: {
    schema: count(268_435_456),
    fallback: '1048576',
    does: 'Bytes that may wait in one socket before its reader waits',
  },
  MAX_SOCKETS_PER_IP: { schema: count(1_000_000), fallback: '200', does: 'Sockets from one address' },
  MAX_SOCKETS: { schema: count(1_000_000), fallback: '10000', does: 'Sockets in all' },
  MAX_MEMBERS_PER_ROOM: { schema: count(100_000), fallback: '2000', does: 'Members of one room' },
  MAX_SUBSCRIPTIONS_PER_SOCKET: { schema: count(10_000), fallback: '32', does: 'Subscriptions on one connection' },
  CALLS_PER_SECOND: { schema: count(100_000), fallback: '50', does: 'Calls and messages per second on one connection' },
} satisfies Record<string, Option>

export type Config = { [K in keyof typeof options]: z.output<(typeof options)[K]['schema']> }

export class ConfigError extends Error {}

/** Throws `ConfigError` with one line that names the variable. */
export function parseConfig(environment: Record<string, string | undefined>): Config {
  const values = { ...environment, PORT: environment['PORT'] ?? environment['GATEWAY_PORT'] }
  const config = Object.fromEntries(
    Object.entries(options).map(([name, { schema, fallback }]) => {
      const parsed = schema.safeParse(values[name as keyof typeof values] ?? fallback)
      if (!parsed.success) throw new ConfigError(`${name}: ${parsed.error.issues[0]?.message ?? 'not valid'}`)
      return [name, parsed.data]
    }),
  ) as Config
  if (config.DATABASE_URL && !config.SESSION_SECRET)
    throw new ConfigError('SESSION_SECRET: required with DATABASE_URL, so that every node reads the same tokens')
  return config
}

export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.')

export const compatAuth = (config: Config): 'open' | 'token' | 'off' =>
  config.COMPAT_AUTH ?? (isLoopback(config.HOST) ? 'open' : 'token')

export const usage = (): string =>
  Object.entries(options)
    .map(([name, { fallback, does }]) => `${name.padEnd(30)} ${does}${fallback ? ` (default ${fallback})` : ''}`)
    .join('\n')
