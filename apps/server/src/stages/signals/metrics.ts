import type { FeedStatus } from '@tablecast/contracts'
import { counter, gauge, type Metric, type Value } from '../../ops/metric.ts'

export function metricsOf(feeds: () => readonly FeedStatus[]): Metric[] {
  const byFeed = (read: (feed: FeedStatus) => number) => () =>
    feeds().map((feed): Value => [{ feed: feed.name }, read(feed)])
  const gaugeOf = (name: string, help: string, read: (feed: FeedStatus) => number) =>
    gauge(`feed_${name}`, help, ['feed'], byFeed(read))
  const counterOf = (name: string, help: string, read: (feed: FeedStatus) => number) =>
    counter(`feed_${name}`, help, ['feed'], byFeed(read))
  return [
    gaugeOf('running', 'Whether the node reads the feed', ({ isRunning }) => Number(isRunning)),
    gaugeOf('down', 'Whether the feed can not be read; /health gives the reason', ({ isDown }) => Number(isDown)),
    gaugeOf('lag_messages', 'Messages of the feed’s stream that the node has not read yet', ({ lag }) => lag),
    counterOf('received', 'Payloads that came on a feed', ({ received }) => received),
    counterOf('skipped', 'Payloads of a feed that were not JSON, or nested too deep', ({ skipped }) => skipped),
    counterOf('send_errors', 'Plain sockets that broke while they followed a feed', ({ sendErrors }) => sendErrors),
  ]
}
