import { gauge, type Metric } from '../../ops/metric.ts'

export const metricsOf = (value: () => number): Metric[] => [
  gauge('counter_value', 'Value of the counter', [], () => [[{}, value()]]),
]
