import { setTimeout as pause } from 'node:timers/promises'
import type { FeedStatus, HealthReport, MarketStatus } from '@tablecast/contracts'
import type { Bus, PubSub } from '@tablecast/bus'
import type { Store } from '@tablecast/store'
import packageJson from '../../package.json' with { type: 'json' }

const PING_MS = 1_500

export const version: string = packageJson.version

export type Readiness = 'starting' | 'ready' | 'draining'

export type HealthParts = {
  store: Store
  bus: Bus
  /** The market's. */
  channels: PubSub
  connections(): number
  topics(): number
  signals(): FeedStatus[]
  market(): MarketStatus
  subscribers(): number
  /** When each of the stages was last told something; of the feeds of signals their own status tells it. */
  lastMessageAt(): readonly (string | null)[]
}

export class Health {
  readonly #parts: HealthParts
  readonly #startedAt = performance.now()
  readiness: Readiness = 'starting'

  constructor(parts: HealthParts) {
    this.#parts = parts
  }

  async report(): Promise<HealthReport> {
    const { store, bus, channels, connections, subscribers, lastMessageAt } = this.#parts
    const feeds = this.#parts.signals()
    const areFeedsRead = feeds.every(({ isDown }) => !isDown)
    return {
      status:
        bus.isConnected && channels.isConnected && areFeedsRead && (await this.#isDatabaseUp()) ? 'ok' : 'degraded',
      service: 'tablecast',
      version,
      uptime_sec: Math.floor((performance.now() - this.#startedAt) / 1_000),
      bus: bus.kind,
      nats_connected: bus.kind === 'nats' && bus.isConnected,
      nats_url: bus.url,
      redis_connected: channels.kind === 'redis' && channels.isConnected,
      redis_url: channels.url,
      database: store.kind,
      connections: connections(),
      topics: this.#parts.topics(),
      subscribers: subscribers(),
      last_message_ts: latest([...lastMessageAt(), ...feeds.map(({ lastAt }) => lastAt)]),
      consumer_lag: feeds.reduce((sum, { lag }) => sum + lag, 0),
      feeds,
      market: this.#parts.market(),
    }
  }

  async isReady(): Promise<boolean> {
    return this.readiness === 'ready' && (await this.#isDatabaseUp())
  }

  /** One that does not answer in time is down: whoever asks has to be told before they give up. */
  async #isDatabaseUp(): Promise<boolean> {
    const late = new AbortController()
    const up = this.#parts.store.ping().then(
      () => true,
      () => false,
    )
    const silent = pause(PING_MS, false, { signal: late.signal }).catch(() => false)
    return Promise.race([up, silent]).finally(() => late.abort())
  }
}

/** Times in one form compare as text. */
const latest = (times: readonly (string | null)[]): string | null =>
  times.reduce((newest, at) => ((at ?? '') > (newest ?? '') ? at : newest), null)
