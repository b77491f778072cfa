// Opens the parts that observe a node: log, metrics, traces and health. Also opens the store and the bus, which they measure.
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
import { openTraces } from './open-traces.ts'

/** Parts that a test may pass in. The test closes them. */
export type OpsOptions = { store?: Store; bus?: Bus; channels?: PubSub; logTo?: { write(line: string): void } }

export type Ops = AsyncDisposable & {
  /** A new id after each start. */
  nodeId: string
  log: Log
  metrics: Metrics
  telemetry: Telemetry
  health: Health
  store: Store
  bus: Bus
  /** The market's channels, over Redis where REDIS_URL is set. */
  channels: PubSub
  /** This start created the database. */
  isNewDatabase: boolean
  /** Resolves when an operator restored the database. */
  restored: Promise<void>
  /** Logs an error of a background task, which has no caller. */
  failed(error: unknown): void
}

export async function openOps(config: Config, options: OpsOptions): Promise<Ops> {
  await using opened = new AsyncDisposableStack()
  const scope = new CallScope()
  const log = createLog({ level: config.LOG_LEVEL, scope, to: options.logTo })
  const database =
    options.store ??
    opened.use(
      await openStore({
        databaseUrl: config.DATABASE_URL,
        dataDir: config.DATA_DIR,
        maxKnownStates: config.MAX_KNOWN_STATES,
      }),
    )
  const restoreWatch = opened.use(await RestoreWatch.open(database))
  if (database.condition) opened.use(new DatabaseWatch(database.condition, log))
  const failed = (error: unknown) => log.warn({ err: error }, 'a background task failed')
  const messages = options.bus ?? opened.use(await openBus({ natsUrl: config.NATS_URL, name: 'tablecast', failed }))
  const channels =
    options.channels ?? opened.use(await openPubSub({ redisUrl: config.REDIS_URL, name: 'tablecast', failed }))
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
