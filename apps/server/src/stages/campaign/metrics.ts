import { counter, type Metric, wordCounter } from '../../ops/metric.ts'
import type { ImportTelemetry } from './import-telemetry.ts'

export const metricsOf = (source: () => ImportTelemetry): Metric[] => [
  wordCounter(
    'scenarios',
    'Scenarios that were read to be previewed or imported, by how it ended',
    'outcome',
    () => source().scenarios,
  ),
  wordCounter('imports', 'Imports of a campaign that were answered', 'form', () => source().imports),
  counter('imported_page_bytes', 'Bytes of the pages of imported campaigns', [], () => [[{}, source().pageBytes]]),
]
