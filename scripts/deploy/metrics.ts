// The metrics of a node, from its own registry: the source of the table in docs/operations.md. Alerts and charts may ask for
// nothing else.
import { allMetrics } from '@tablecast/server/metrics'

export type Metric = { name: string; type: string; labels: readonly string[]; help: string }

const { registry } = await allMetrics()

export const metrics: readonly Metric[] = registry.getMetricsAsArray().map((metric) => ({
  name: metric.name,
  type: String(metric.type),
  labels: 'labelNames' in metric ? (metric.labelNames as string[]) : [],
  help: metric.help,
}))
