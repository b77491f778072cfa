import { count, oneOf, simulatorOptions, type Options } from '@tablecast/config'
import { list } from './schemas.ts'

export const marketOptions = {
  MARKET_SAMPLE: {
    schema: oneOf('true', 'false'),
    fallback: '',
    does: 'Market: begin with sample sectors, agents and discussions where the database has none; true unless DATABASE_URL is set',
  },
  MARKET_SIM: {
    schema: oneOf('embedded', 'off'),
    fallback: '',
    does: 'Market: the simulator inside the server: embedded or off; embedded by default without DATABASE_URL and REDIS_URL',
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
} satisfies Options
