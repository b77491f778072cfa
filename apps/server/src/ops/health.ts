import { setTimeout as pause } from 'node:timers/promises'
import type { FeedStatus, HealthReport, MarketStatus } from '@tablecast/contracts'
import type { Bus, PubSub } from '@tablecast/bus'
import type { Store, Trouble } from '@tablecast/store'
import { isAlone } from '../cluster/is-alone.ts'
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
    const databaseError = await this.#databaseError()
    return {
      status: bus.isConnected && channels.isConnected && areFeedsRead && databaseError === null ? 'ok' : 'degraded',
      service: 'tablecast',
      version,
      uptime_sec: Math.floor((performance.now() - this.#startedAt) / 1_000),
      bus: bus.kind,
      nats_connected: !isAlone(bus) && bus.isConnected,
      nats_url: bus.url,
      redis_connected: !isAlone(channels) && channels.isConnected,
      redis_url: channels.url,
      database: store.kind,
      database_error: databaseError,
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

  /** Why nothing would be acknowledged now; null when it would. */
  async #databaseError(): Promise<string | null> {
    const { condition } = this.#parts.store
    const probing = condition?.probe().then(wordsOf, () => SILENT) ?? null
    const [isUp, words] = await Promise.all([this.#isDatabaseUp(), probing && inTime(probing, SILENT)])
    return words ?? (isUp ? null : SILENT)
  }

  #isDatabaseUp(): Promise<boolean> {
    const up = this.#parts.store.ping().then(
      () => true,
      () => false,
    )
    return inTime(up, false)
  }
}

const SILENT = 'the database does not answer'
const wordsOf = (trouble: Trouble | null): string | null => trouble?.words ?? null

/** Counts as down what does not answer in time, so that the health check itself answers before its client gives up. */
function inTime<T>(answer: Promise<T>, otherwise: T): Promise<T> {
  const late = new AbortController()
  const silent = pause(PING_MS, otherwise, { signal: late.signal }).catch(() => otherwise)
  return Promise.race([answer, silent]).finally(() => late.abort())
}

/** Times in one form compare as text. */
const latest = (times: readonly (string | null)[]): string | null =>
  times.reduce((newest, at) => ((at ?? '') > (newest ?? '') ? at : newest), null)
