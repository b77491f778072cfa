import { type Metric, wordCounter } from '../../ops/metric.ts'

/** `scenarios`: how many readings of an imported scenario ended in each way. */
export const metricsOf = (scenarios: () => ReadonlyMap<string, number>): Metric[] => [
  wordCounter('scenarios', 'Imported scenarios, by how their reading ended', 'outcome', scenarios),
]
