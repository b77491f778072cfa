// The choices of a stage whose default depends on other settings.
import type { Config } from './options.ts'
import { DEFAULT_FEEDS } from './signals-options.ts'

/** The language model of the narrator; null unless both LLM_BASE_URL and LLM_MODEL are set. */
export const narratorModel = (config: Config): { baseUrl: string; model: string } | null =>
  config.LLM_BASE_URL && config.LLM_MODEL ? { baseUrl: config.LLM_BASE_URL, model: config.LLM_MODEL } : null

/** Whether an operator has set SIGNALS_FEEDS to other feeds than the default. */
export const namesFeeds = ({ SIGNALS_FEEDS: feeds }: Config): boolean =>
  feeds.map(({ name, stream, subject }) => `${name}=${stream}/${subject}`).join() !== DEFAULT_FEEDS

/** Whether this process plays the arena's games itself. */
export const playsArena = (config: Config): boolean =>
  (config.ARENA_ENGINE ?? (config.NATS_URL ? 'off' : 'embedded')) === 'embedded'

/** Whether the market starts with sample data. By default it does not with DATABASE_URL, where an operator's own data may be. */
export const hasSampleMarket = (config: Config): boolean =>
  config.MARKET_SAMPLE === undefined ? !config.DATABASE_URL : config.MARKET_SAMPLE === 'true'

export const simulatesMarket = (config: Config): boolean =>
  (config.MARKET_SIM ?? (config.DATABASE_URL || config.REDIS_URL ? 'off' : 'embedded')) === 'embedded'
