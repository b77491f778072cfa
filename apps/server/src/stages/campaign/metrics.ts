import { counter, type Metric, wordCounter } from '../../ops/metric.ts'
import type { ImportTelemetry } from './import-telemetry.ts'

export const metricsOf = (source: () => ImportTelemetry): Metric[] => [
  wordCounter(
    'scenarios',
    'Scenarios that were read for a preview or an import, by outcome',
    'outcome',
    () => source().scenarios,
  ),
  wordCounter('imports', 'Imports of a campaign, by the form of the file', 'form', () => source().imports),
  counter('imported_page_bytes', 'Bytes of the pages of imported campaigns', [], () => [[{}, source().pageBytes]]),
]
