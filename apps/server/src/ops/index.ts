// The instruments of a node: its log, metrics and traces, and the store and the bus, which are measured.
import { randomUUID } from 'node:crypto'
import { type Bus, openBus, openPubSub, type PubSub } from '@tablecast/bus'
import { openStore, type Store } from '@tablecast/store'
import type { Config } from '../config.ts'
import { CallScope } from '../transport/call-scope.ts'
import { DatabaseWatch } from './database-watch.ts'
import { Health } from './health.ts'
import { createLog, type Log } from './log.ts'
import { measuredBus } from './measured-bus.ts'
import { measuredStore } from './measured-store.ts'
import type { Metrics } from './metrics.ts'
import { createMetrics } from './node-metrics.ts'
import { RestoreWatch } from './restore-watch.ts'
import { Telemetry } from './telemetry.ts'
import { openTraces } from './traces.ts'

/** Parts that a test may bring; the test closes them. */
export type OpsOptions = { store?: Store; bus?: Bus; channels?: PubSub; logTo?: { write(line: string): void } }

export type Ops = AsyncDisposable & {
  /** Another one after each start. */
  nodeId: string
  log: Log
  metrics: Metrics
  telemetry: Telemetry
  health: Health
  store: Store
  bus: Bus
  /** The market's channels, over Redis where there is one. */
  channels: PubSub
  /** The database was made by this start. */
  isNewDatabase: boolean
  /** Resolves when an operator restored the database. */
  restored: Promise<void>
  /** For an error in the background, which no caller waits for. */
  failed(error: unknown): void
}

export async function openOps(config: Config, given: OpsOptions): Promise<Ops> {
  await using opened = new AsyncDisposableStack()
  const scope = new CallScope()
  const log = createLog({ level: config.LOG_LEVEL, scope, to: given.logTo })
  const database =
    given.store ?? opened.use(await openStore({ databaseUrl: config.DATABASE_URL, dataDir: config.DATA_DIR }))
  const restoreWatch = opened.use(await RestoreWatch.open(database))
  if (database.condition) opened.use(new DatabaseWatch(database.condition, log))
  const failed = (error: unknown) => log.warn({ err: error }, 'a background task failed')
  const messages = given.bus ?? opened.use(openBus({ natsUrl: config.NATS_URL, name: 'tablecast', failed }))
  const channels = given.channels ?? opened.use(openPubSub({ redisUrl: config.REDIS_URL, name: 'tablecast', failed }))
  const nodeId = randomUUID().slice(0, 8)
  const traces = opened.use(
    await openTraces({
      endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
      serviceName: config.OTEL_SERVICE_NAME,
      node: nodeId,
      failed: (error) => log.warn({ err: error }, 'the collector of traces can not be reached'),
    }),
  )
  const metrics = createMetrics({
    node: nodeId,
    bus: messages,
    redis: channels,
    database,
    fannedOut: (stage, ms) => traces.done('fan-out', ms, { 'tablecast.stage': stage }),
  })
  const telemetry = new Telemetry({ log, metrics, scope, traces })
  const store = measuredStore(database, telemetry)
  const bus = measuredBus(messages, telemetry)
  const health = new Health({ store, bus, channels })
  metrics.watch({ readiness: () => health.readiness })
  const owned = opened.move()
  return {
    nodeId,
    log,
    metrics,
    telemetry,
    health,
    store,
    bus,
    channels,
    isNewDatabase: database.condition?.isNew ?? false,
    restored: restoreWatch.restored,
    failed,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
