// Options that more than one of the programs reads.
import { z } from 'zod'
import { count, oneOf, optional, type Options } from './options.ts'

export const busOptions = {
  NATS_URL: {
    schema: optional(
      z.string().regex(/^(nats|tls):\/\/[^\s,]+(,\s*(nats|tls):\/\/[^\s,]+)*$/, 'must begin with nats://'),
    ),
    fallback: '',
    does: 'NATS as the bus between nodes: nats://…, several separated by commas; without it, the bus is in memory',
  },
} satisfies Options

export const redisOptions = {
  REDIS_URL: {
    schema: optional(z.string().regex(/^rediss?:\/\/\S+$/, 'must begin with redis://')),
    fallback: '',
    does: "Redis for the market's channels: redis://…; without it, they are in memory",
  },
} satisfies Options

export const storeOptions = {
  DATA_DIR: {
    schema: z.string().min(1),
    fallback: './data',
    does: 'The SQLite file and generated secrets; owned by one process at a time',
  },
  DATABASE_URL: {
    // Other languages' libraries name their driver in it: postgresql+psycopg2://…
    schema: optional(
      z
        .string()
        .regex(/^postgres(ql)?(\+\w+)?:\/\//, 'must begin with postgres://')
        .transform((url) => url.replace(/^(postgres(?:ql)?)\+\w+/, '$1')),
    ),
    fallback: '',
    does: 'PostgreSQL as the database: postgres://…; without it, SQLite in DATA_DIR',
  },
} satisfies Options

export const simulatorOptions = {
  MARKET_SIM_RATE: {
    schema: count(5_000),
    fallback: '12',
    does: 'Market simulator: messages per second',
  },
  MARKET_SIM_SEED: {
    schema: count(2_147_483_647, 0),
    fallback: '1',
    does: 'Market simulator: the same seed makes the same market again',
  },
} satisfies Options

/** As other programs call a level. */
const otherNames: Record<string, string> = { warning: 'warn', critical: 'fatal', off: 'silent' }

export const logOptions = {
  LOG_LEVEL: {
    schema: z
      .string()
      .toLowerCase()
      .transform((level) => otherNames[level] ?? level)
      .pipe(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])),
    fallback: 'info',
    does: 'The least grave lines of the log: trace, debug, info, warn, error, fatal or silent',
  },
} satisfies Options

export const modelOptions = {
  LLM_BASE_URL: {
    schema: optional(z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })),
    fallback: '',
    does: 'An OpenAI-compatible endpoint, for example http://127.0.0.1:11434/v1',
  },
  LLM_MODEL: { schema: optional(z.string().min(1)), fallback: '', does: 'The name of the model at that endpoint' },
  LLM_API_KEY: { schema: optional(z.string().min(1)), fallback: '', does: 'The key of that endpoint, if it needs one' },
  LLM_TIMEOUT_MS: {
    schema: count(600_000, 100),
    fallback: '20000',
    does: 'Milliseconds that the model may be silent; a whole reply may take eight times as long',
  },
} satisfies Options

export const arenaOptions = {
  ARENA_AGENTS: {
    schema: oneOf('script', 'model'),
    fallback: '',
    does: 'Answers of the agents: from a script or a model; model by default where LLM_MODEL is set',
  },
  ARENA_SIZE: { schema: count(8, 3), fallback: '6', does: 'Agents in a game' },
  ARENA_ROUNDS: { schema: count(20), fallback: '5', does: 'Rounds in a game that is started without a number' },
  ARENA_PACE_MS: {
    schema: count(60_000, 0),
    fallback: '900',
    does: 'Pause after each text that an audience reads, in milliseconds',
  },
  ARENA_MODEL_CALLS: {
    schema: count(100_000),
    fallback: '200',
    does: 'Calls of the model that one game may make; then the scripts answer',
  },
} satisfies Options

export const narratorOptions = {
  NARRATOR: {
    schema: z.enum(['scribe', 'draft', 'auto']),
    fallback: 'scribe',
    does: 'The narrator of a table whose DM has not chosen one: scribe, or with a language model draft or auto',
  },
  LLM_CONTEXT_TOKENS: {
    schema: count(1_000_000, 500),
    fallback: '6000',
    does: 'Narrator: tokens of the campaign that the model gets with each message',
  },
  LLM_REPLY_TOKENS: { schema: count(100_000, 50), fallback: '800', does: 'Narrator: tokens of the longest reply' },
  LLM_REASONING: {
    schema: z.enum(['drop', 'keep', 'unopened']),
    fallback: 'drop',
    does: 'Narrator: the thoughts of a reasoning model: drop; keep shows them to the DM beside a draft; unopened drops them for a model that writes </think> without an opening tag',
  },
  LLM_TOKENS_PER_DAY: {
    schema: count(2_000_000_000),
    fallback: '200000',
    does: 'Narrator: tokens of one room in a day',
  },
} satisfies Options
