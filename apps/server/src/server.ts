// The composition root. It opens the parts of the server in order: `ops`, which observes; the host, which every stage needs; the stages;
// and the endpoints, through which clients connect.
import { hostname } from 'node:os'
import type { Store } from '@tablecast/store'
import { accountsProbe } from './auth/accounts-probe.ts'
import { auth0, type Config, secretsOf } from './config.ts'
import { type Endpoints, openEndpoints } from './endpoints.ts'
import { openHost } from './host.ts'
import { openOps, type OpsOptions } from './ops/index.ts'
import type { Metrics } from './ops/metrics.ts'
import { openReports } from './ops/reports.ts'
import type { Rooms } from './rooms/rooms.ts'
import { createRouter } from './router.ts'
import { openStages, type Stages, type StagesOptions } from './stages/index.ts'

/** Parts that a test may pass in. The test closes them. */
export type ServerOptions = OpsOptions & StagesOptions

export type Server = AsyncDisposable & {
  /** PUBLIC_URL, or else `http://host:port` as a browser on this machine reaches it. */
  url: string
  port: number
  rooms: Rooms
  store: Store
  metrics: Metrics
  /** The port of `/metrics`; null where it is on the main port, for callers on this machine. */
  metricsPort: number | null
  /** Sends messages to the market clients of this node only. */
  market: Stages['market']['broadcasts']
  pictures: Pick<Stages['campaign']['pictures'], 'media' | 'reader'>
  /** Every route and socket besides the procedures, with its access. */
  endpoints: Pick<Endpoints, 'rest' | 'sockets'>
  /** This start created the database. */
  isNewDatabase: boolean
  /** Resolves when an operator restored the database. The state in memory is then wrong, and the server must be opened again. */
  restored: Promise<void>
  /** Refuses new sockets, asks clients to reconnect at moments spread over `seconds`, answers the calls under way, and closes. */
  drain(seconds?: number): Promise<void>
}

/** Opens the parts in order and closes them in reverse, also after a start that failed halfway. */
export async function openServer(config: Config, options: ServerOptions = {}): Promise<Server> {
  await using opened = new AsyncDisposableStack()
  const ops = opened.use(await openOps(config, options))
  const host = opened.use(await openHost(ops, config))
  const stages = opened.use(await openStages(host, config, options))
  const { pictures } = stages.campaign
  pictures.telemetry.onRendered((what, outcome, ms) => ops.metrics.rendered(what, outcome, ms))
  ops.metrics.watch({ pictures: () => pictures.counts() })
  let port = config.PORT
  const account = auth0(config)
  const reports = opened.use(
    openReports(ops, {
      stages: stages.all,
      stored: () => host.nodes.hub.channels,
      followers: () => host.followers.entries(),
      names: host.names,
      probes: account ? [accountsProbe(account)] : [],
      nodeName: () => `${hostname()}:${port}`,
      secrets: secretsOf(config),
    }),
  )
  const router = createRouter({ config, host, stages, reports, telemetry: ops.telemetry })
  const endpoints = opened.use(await openEndpoints({ config, ops, host, stages: stages.all, router }))
  port = endpoints.port
  const owned = opened.move()
  return {
    url: endpoints.url,
    port,
    rooms: host.rooms,
    store: ops.store,
    metrics: ops.metrics,
    metricsPort: endpoints.metricsPort,
    market: stages.market.broadcasts,
    pictures,
    endpoints,
    isNewDatabase: ops.isNewDatabase,
    restored: ops.restored,
    async drain(seconds = config.DRAIN_SECONDS) {
      await endpoints.sendAway(seconds)
      await owned.disposeAsync()
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
