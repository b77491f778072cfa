import type { MarketStatus } from './market.ts'
import type { FeedStatus } from './signals.ts'

/**
 * `GET /health`. `status` is `degraded` when a configured dependency is down, or the database takes no changes;
 * `database_error` then has the reason. The answer holds no credentials.
 */
export type HealthReport = {
  status: 'ok' | 'degraded'
  service: 'tablecast'
  version: string
  uptime_sec: number
  bus: 'memory' | 'nats'
  nats_connected: boolean
  nats_url: string | null
  redis_connected: boolean
  redis_url: string | null
  database: 'sqlite' | 'postgres'
  database_error: string | null
  connections: number
  topics: number
  subscribers: number
  last_message_ts: string | null
  consumer_lag: number
  /** The feeds of signals, with rates, lag and skipped payloads. */
  feeds: FeedStatus[]
  /** The market's channels. */
  market: MarketStatus
}
