// `/health`: the state of the services that this node depends on, and of its stages.
import { setTimeout as pause } from 'node:timers/promises'
import type { HealthReport } from '@tablecast/contracts'
import type { Bus, PubSub } from '@tablecast/bus'
import type { Store, DatabaseProblem } from '@tablecast/store'
import { isAlone } from '../cluster/is-alone.ts'
import { type Readiness, version } from './version.ts'

const PING_TIMEOUT_MS = 1_500

/** A stage's part of the report. `lastAt` is the time at which a client last received something, or null. */
export type StageHealth = {
  lastAt: string | null
  isDegraded?: boolean
  health?: Partial<OfStages>
}
type OfStages = Pick<HealthReport, 'topics' | 'consumer_lag' | 'feeds' | 'market'>

export type HealthDeps = {
  store: Store
  bus: Bus
  /** The channels of the market. */
  channels: PubSub
}

export type HealthSources = {
  connections(): number
  subscribers(): number
  stages(): readonly StageHealth[]
}

const none: OfStages = {
  topics: 0,
  consumer_lag: 0,
  feeds: [],
  market: { channels: 'memory', isConnected: true, relayed: 0, dropped: 0, recovered: 0, waiting: 0 },
}

export class Health {
  readonly #deps: HealthDeps
  readonly #startedAt = performance.now()
  #sources: HealthSources = { connections: () => 0, subscribers: () => 0, stages: () => [] }
  readiness: Readiness = 'starting'

  constructor(deps: HealthDeps) {
    this.#deps = deps
  }

  /** Sets these sources. A part sets its own once it is open; until then they report 0 or nothing. */
  watch(sources: Partial<HealthSources>): void {
    this.#sources = { ...this.#sources, ...sources }
  }

  async report(): Promise<HealthReport> {
    const { store, bus, channels } = this.#deps
    const { connections, subscribers } = this.#sources
    const stages = this.#sources.stages()
    const databaseError = await this.#databaseError()
    const areWell = stages.every(({ isDegraded = false }) => !isDegraded)
    return {
      status: bus.isConnected && channels.isConnected && areWell && databaseError === null ? 'ok' : 'degraded',
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
      subscribers: subscribers(),
      last_message_ts: latest(stages.map(({ lastAt }) => lastAt)),
      ...none,
      ...stages.reduce<Partial<OfStages>>((all, { health }) => ({ ...all, ...health }), {}),
    }
  }

  async isReady(): Promise<boolean> {
    return this.readiness === 'ready' && (await this.#isDatabaseUp())
  }

  /** Why the database would refuse a change now; null when it would accept one. */
  async #databaseError(): Promise<string | null> {
    const { condition } = this.#deps.store
    const probing = condition?.probe().then(textOf, () => NO_ANSWER) ?? null
    const [isUp, words] = await Promise.all([this.#isDatabaseUp(), probing && inTime(probing, NO_ANSWER)])
    return words ?? (isUp ? null : NO_ANSWER)
  }

  #isDatabaseUp(): Promise<boolean> {
    const up = this.#deps.store.ping().then(
      () => true,
      () => false,
    )
    return inTime(up, false)
  }
}

const NO_ANSWER = 'the database does not answer'
const textOf = (problem: DatabaseProblem | null): string | null => problem?.words ?? null

/** Gives `otherwise` after `PING_TIMEOUT_MS`, so that the health check answers before its client gives up. */
function inTime<T>(answer: Promise<T>, otherwise: T): Promise<T> {
  const late = new AbortController()
  const silent = pause(PING_TIMEOUT_MS, otherwise, { signal: late.signal }).catch(() => otherwise)
  return Promise.race([answer, silent]).finally(() => late.abort())
}

/** The newest of these ISO times, which compare as text; null without any. */
export const latest = (times: readonly (string | null)[]): string | null =>
  times.reduce((newest, at) => ((at ?? '') > (newest ?? '') ? at : newest), null)
