// The metrics of a node, from its own registry: the source of the table in docs/operations.md. Alerts and charts may ask for
// nothing else.
import { Metrics } from '@tablecast/server/metrics'

export type Metric = { name: string; type: string; labels: readonly string[]; help: string }

/** Of a node that does nothing: the registry knows everything from the start. */
const { registry } = new Metrics({
  node: 'check',
  readiness: () => 'starting',
  connections: () => ({ trpc: 0, plain: 0, socketio: 0 }),
  channels: () => [],
  bodyBytes: () => 0,
  bus: { kind: 'memory', isConnected: true },
  redis: () => ({ kind: 'memory', isConnected: true }),
  database: { kind: 'sqlite', ping: () => Promise.resolve() },
  feeds: () => [],
  market: () => ({ channels: 'memory', isConnected: true, relayed: 0, dropped: 0, recovered: 0, waiting: 0 }),
})

export const metrics: readonly Metric[] = registry.getMetricsAsArray().map((metric) => ({
  name: metric.name,
  type: String(metric.type),
  labels: 'labelNames' in metric ? (metric.labelNames as string[]) : [],
  help: metric.help,
}))
