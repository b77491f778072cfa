// The metrics of every node, with any stages.
import { stages, transports } from '@tablecast/contracts'
import { collectDefaultMetrics } from 'prom-client'
import type { StageMeter } from '../transport/stage-meter.ts'
import { counter, gauge, type Metric, type Value, wordCounter } from './metric.ts'
import { type SubscriberCounts, Metrics, type MetricsDeps } from './metrics.ts'

export function createMetrics(deps: MetricsDeps): Metrics {
  const metrics = new Metrics(deps)
  metrics.add([...countedByStage(metrics), ...countedByWord(metrics), ...sampled(metrics)])
  collectDefaultMetrics({ register: metrics.registry })
  return metrics
}

function countedByStage({ meters }: Metrics): Metric[] {
  const byStage = (name: string, help: string, read: (meter: StageMeter) => number) =>
    counter(name, help, ['stage'], () => stages.map((stage): Value => [{ stage }, read(meters[stage])]))
  const byTransport = (name: string, help: string, field: 'deliveries' | 'bytes') =>
    counter(name, help, ['stage', 'transport'], () =>
      stages.flatMap((stage) =>
        [...meters[stage].tallies].map((tally): Value => [{ stage, transport: tally.transport }, tally[field]]),
      ),
    )
  return [
    byStage('events', 'Events that came to a channel of this node', ({ events }) => events),
    byTransport('deliveries', 'Events and snapshots written to a client', 'deliveries'),
    byTransport('sent_bytes', 'Bytes of these, with their WebSocket frames', 'bytes'),
    byStage('dropped_events', 'Events left out for a slow subscriber', ({ dropCount }) => dropCount),
    byStage('snapshots', 'Snapshots that a subscriber got in place of events', ({ snapshots }) => snapshots),
    byStage('replayed_events', 'Events read again for a subscriber, from memory or the log', ({ replays }) => replays),
    byStage('reconnects', 'Subscriptions that came with a position to resume from', ({ reconnects }) => reconnects),
  ]
}

function countedByWord(metrics: Metrics): Metric[] {
  return [
    wordCounter('errors', 'Errors that a client received', 'code', () => metrics.errors),
    wordCounter('disconnects', 'Sockets that closed', 'reason', () => metrics.disconnects),
    wordCounter(
      'refused_upgrades',
      'Connections that were refused before they became sockets',
      'reason',
      () => metrics.refusedUpgrades,
    ),
    counter('bus_messages', 'Messages of the bus between the nodes', ['direction'], () =>
      (['in', 'out'] as const).map((direction): Value => [{ direction }, metrics.messages[direction]]),
    ),
    counter('bus_reconnects', 'Times that the bus reconnected', [], () => [[{}, metrics.busReconnects]]),
  ]
}

function sampled(metrics: Metrics): Metric[] {
  const { bus, redis, database } = metrics.deps
  const plain = (name: string, help: string, read: () => number) => gauge(name, help, [], () => [[{}, read()]])
  const byStage = (name: string, help: string, field: keyof Omit<SubscriberCounts, 'subscribers'>) =>
    gauge(name, help, ['stage'], () => {
      const counts = metrics.subscriberCounts()
      return stages.map((stage): Value => [{ stage }, counts[stage][field]])
    })
  return [
    plain('ready', 'Whether this node takes clients', () => Number(metrics.readiness === 'ready')),
    gauge('connections', 'Open connections', ['transport'], () => {
      const connections = metrics.connections()
      return transports.map((transport): Value => [{ transport }, connections[transport]])
    }),
    gauge('subscribers', 'Subscriptions of clients', ['stage', 'transport'], () => {
      const counts = metrics.subscriberCounts()
      return stages.flatMap((stage) =>
        transports.map((transport): Value => [{ stage, transport }, counts[stage].subscribers[transport]]),
      )
    }),
    byStage('cursor_lag_events', 'Events that the slowest subscriber has still to get', 'lagEvents'),
    byStage('cursors_behind', 'Subscribers that have not got everything', 'behind'),
    byStage('channels', 'Open channels', 'channels'),
    plain('body_bytes_in_flight', 'Bytes of HTTP bodies that are being received or processed', () => metrics.bodyBytes),
    gauge('arrivals', 'Connections of pages that sign in, or wait for their turn to do so', ['state'], () => [
      [{ state: 'arriving' }, metrics.arrivals.arriving],
      [{ state: 'waiting' }, metrics.arrivals.waiting],
    ]),
    counter('overdue_arrivals', 'Connections that were not served within their turn of a second', [], () => [
      [{}, metrics.arrivals.overdue],
    ]),
    plain('rooms_followed', 'Rooms that somebody follows here', () => metrics.roomsFollowed()),
    gauge('bus_connected', 'Whether the bus can be reached', ['bus'], () => [
      [{ bus: bus.kind }, Number(bus.isConnected)],
    ]),
    plain('redis_connected', 'Whether the channels of the market can be reached', () => Number(redis.isConnected)),
    gauge('database_up', 'Whether the database answers', ['database'], async () => [
      [{ database: database.kind }, Number(await metrics.isDatabaseUp())],
    ]),
    gauge('database_writable', 'Whether the database takes changes, as far as is known', ['database'], () => [
      [{ database: database.kind }, Number((database.condition?.problem ?? null) === null)],
    ]),
    plain(
      'known_states_bytes',
      'Texts of the campaigns’ newest states that the node keeps in memory',
      () => database.knownStates?.size ?? 0,
    ),
    counter('state_reads', 'Reads of a campaign’s state: known in memory, or read from the database', ['from'], () => [
      [{ from: 'memory' }, database.knownStates?.found ?? 0],
      [{ from: 'database' }, database.knownStates?.missed ?? 0],
    ]),
    plain('database_wal_bytes', 'Size of the write-ahead log of SQLite', () => database.condition?.walBytes ?? 0),
  ]
}
