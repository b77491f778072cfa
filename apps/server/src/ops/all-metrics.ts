// Every metric that a server can have, for the documentation. A stage's metrics are found by its folder.
import { globSync } from 'node:fs'
import { createMetrics } from './node-metrics.ts'
import type { Metric } from './metric.ts'
import type { Metrics } from './metrics.ts'

const stagesFolder = new URL('../stages/', import.meta.url)

/** The metrics of a node that does nothing. Read their names and not their values. */
export async function allMetrics(): Promise<Metrics> {
  const metrics = createMetrics({
    node: 'check',
    bus: { kind: 'memory', isConnected: true },
    redis: { kind: 'memory', isConnected: true },
    database: { kind: 'sqlite', ping: () => Promise.resolve() },
  })
  const nothing = (): never => {
    throw new Error('these metrics are only listed: they have no values')
  }
  for (const file of globSync('*/metrics.ts', { cwd: stagesFolder }).toSorted()) {
    const stage = (await import(new URL(file, stagesFolder).href)) as { metricsOf(source: () => never): Metric[] }
    metrics.add(stage.metricsOf(nothing))
  }
  return metrics
}
