// Every metric that a server can have, for the documentation: those of the node, and those of each stage, found by its folder's name.
import { globSync } from 'node:fs'
import { createMetrics } from './node-metrics.ts'
import type { Metric } from './metric.ts'
import type { Metrics } from './metrics.ts'

const stagesFolder = new URL('../stages/', import.meta.url)

/** Of a node that does nothing. */
export async function allMetrics(): Promise<Metrics> {
  const metrics = createMetrics({
    node: 'check',
    bus: { kind: 'memory', isConnected: true },
    redis: { kind: 'memory', isConnected: true },
    database: { kind: 'sqlite', ping: () => Promise.resolve() },
  })
  const nothing = (): never => {
    throw new Error('these metrics are listed, and not read')
  }
  for (const file of globSync('*/metrics.ts', { cwd: stagesFolder }).toSorted()) {
    const stage = (await import(new URL(file, stagesFolder).href)) as { metricsOf(source: () => never): Metric[] }
    metrics.add(stage.metricsOf(nothing))
  }
  return metrics
}
