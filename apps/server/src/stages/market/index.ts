// The market: prices, candles and discussions that change while people watch.
import type { MarketStatus } from '@tablecast/contracts'
import { plainAuthMode, type Config, hasSampleMarket, simulatesMarket } from '../../config.ts'
import type { Host } from '../../host.ts'
import { oncePerRequest, withAccess } from '../../http/rest.ts'
import type { Stage } from '../../stage.ts'
import { personOf } from '../../transport/plain-endpoints.ts'
import type { Board } from './board.ts'
import { marketHttp } from './http.ts'
import type { MarketLive } from './live.ts'
import type { Market } from './market.ts'
import { metricsOf } from './metrics.ts'
import { openMarketService } from './service.ts'
import type { MarketBroadcasts } from './relay.ts'
import { MarketSocketIo } from './socket.ts'

export type MarketStage = Stage & {
  rows: Market
  live: MarketLive
  board: Board
  maxBufferedBytes: number
  /** Publish from within this process to this node's clients alone. */
  broadcasts: MarketBroadcasts
  marketStatus(): MarketStatus
}

export async function openMarket(host: Host, config: Config): Promise<MarketStage> {
  const { store, channels, log, observe, plainEndpoints, maxBufferedBytes, failed } = host
  await using opened = new AsyncDisposableStack()
  const service = opened.use(
    await openMarketService({
      store,
      channels,
      maxMessageBytes: config.MAX_FRAME_BYTES,
      keepMessages: config.MARKET_KEEP_MESSAGES,
      keepDays: config.MARKET_KEEP_DAYS,
      hasSample: hasSampleMarket(config),
      simulator: simulatesMarket(config) ? { rate: config.MARKET_SIM_RATE, seed: config.MARKET_SIM_SEED } : null,
      observe,
      onDropped: (channel, reason, count) => log.warn({ channel, reason, count }, 'market relay: dropped messages'),
      failed,
    }),
  )
  const { rows, live, board } = service
  /** On an open server every caller may edit. */
  const callerOf = oncePerRequest(async (token) => {
    const caller = personOf(await plainEndpoints.callerOf(token))
    return { ...caller, isEditor: plainEndpoints.isOpenToAll || config.MARKET_EDITORS.includes(caller.userId ?? '') }
  })
  const socketIo =
    plainAuthMode(config) === 'off'
      ? null
      : new MarketSocketIo({
          ...plainEndpoints.deps,
          live,
          callerOf: (offered) => plainEndpoints.callerBy(offered),
          isAllowedOrigin: (origin) => host.origins.has(origin),
          corsOrigins: config.CORS_ORIGINS,
          maxConnections: config.MAX_SOCKETS,
          maxConnectionsPerAddress: config.MAX_SOCKETS_PER_IP,
          maxScopes: config.MAX_SUBSCRIPTIONS_PER_SOCKET,
        })
  const owned = opened.move()
  return {
    rows,
    live,
    board,
    maxBufferedBytes,
    broadcasts: service.broadcasts,
    marketStatus: () => service.status(),
    channels: () => live.channels,
    status: () => ({ lastAt: service.lastAt(), health: { market: service.status() } }),
    metrics: metricsOf(() => service.status()),
    probes: [],
    rest: [withAccess('plain', callerOf, (app) => marketHttp(app, { market: rows, store, callerOf }))],
    sockets: socketIo ? [{ path: socketIo.path, access: 'plain', handler: socketIo.handler }] : [],
    polling: socketIo,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
