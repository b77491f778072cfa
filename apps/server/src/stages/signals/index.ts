// Signals: feeds of values, of which each client gets the newest.
import { type Config, namesFeeds } from '../../config.ts'
import { isAlone } from '../../cluster/is-alone.ts'
import type { Host } from '../../host.ts'
import { latest } from '../../ops/health.ts'
import type { Stage } from '../../stage.ts'
import type { UpgradeHandler } from '../../transport/upgrade.ts'
import { DEMO_INTERVAL_MS, demoSeries } from './demo.ts'
import { feedProbe } from './feed-probe.ts'
import { metricsOf } from './metrics.ts'
import { Signals } from './signals.ts'
import { serveSignalSocket } from './socket.ts'

export type SignalsStage = Stage & { signals: Signals }

const SOCKET = '/ws/stream'

export function openSignals({ bus, log, observe, plainEndpoints }: Host, config: Config): Promise<SignalsStage> {
  const opened = new AsyncDisposableStack()
  const signals = opened.use(
    new Signals({
      bus,
      feeds: config.SIGNALS_FEEDS,
      areNamed: namesFeeds(config),
      consumer: config.SIGNALS_CONSUMER ?? (config.NATS_URL && config.DATABASE_URL ? 'broadcast' : 'durable'),
      observe,
      onSkipped: (name) =>
        log.warn({ feed: name }, 'signals: skipped a payload that is not JSON or is nested too deep'),
    }),
  )
  const [demoFeed] = config.SIGNALS_FEEDS
  if (config.SIGNALS_DEMO && isAlone(bus) && demoFeed) {
    const next = demoSeries()
    const publishing = setInterval(
      () => bus.publish(demoFeed.subject, JSON.stringify(next(new Date()))),
      DEMO_INTERVAL_MS,
    )
    opened.defer(() => clearInterval(publishing))
  }
  const handler: UpgradeHandler = (request, socket, head, url) => {
    const feed = url.pathname.startsWith(`${SOCKET}/`) ? url.pathname.slice(SOCKET.length + 1) : null
    if (signals.isEmpty || (feed !== null && !signals.has(feed)))
      return plainEndpoints.rejectUpgrade(socket, '404 Not Found', 'not_found')
    const serve = plainEndpoints.socket((client) =>
      serveSignalSocket({ ...plainEndpoints.serving, signals }, client, feed),
    )
    serve(request, socket, head, url)
  }
  return Promise.resolve({
    signals,
    channels: () => signals.channels,
    status() {
      const feeds = signals.status()
      return {
        lastAt: latest(feeds.map(({ lastAt }) => lastAt)),
        isDegraded: feeds.some(({ isDown }) => isDown),
        health: { feeds, consumer_lag: feeds.reduce((sum, { lag }) => sum + lag, 0) },
      }
    },
    metrics: metricsOf(() => signals.status()),
    probes: config.SIGNALS_FEEDS.map((feed) =>
      feedProbe(feed, () => signals.status().find(({ name }) => name === feed.name)),
    ),
    rest: [],
    sockets: [
      { path: SOCKET, access: 'plain', handler },
      { path: `${SOCKET}/*`, access: 'plain', handler },
    ],
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  })
}
