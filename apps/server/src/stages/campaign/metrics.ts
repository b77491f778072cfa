import { counter, type Metric, wordCounter } from '../../ops/metric.ts'
import type { FightTelemetry } from './fights/fight-telemetry.ts'
import type { LibraryTelemetry } from './library-telemetry.ts'

export const metricsOf = (source: () => LibraryTelemetry, fights: () => FightTelemetry): Metric[] => [
  wordCounter(
    'fight_operations',
    'Operations of fights that were carried out, by type',
    'type',
    () => fights().operations,
  ),
  wordCounter(
    'fight_limit_refusals',
    'Changes that were refused because a room has its most stat blocks, or a campaign its most encounters',
    'of',
    () => fights().refused,
  ),
  wordCounter(
    'scenarios',
    'Scenarios that were read for a preview or an import, by outcome',
    'outcome',
    () => source().scenarios,
  ),
  wordCounter('imports', 'Imports of a campaign, by the form of the file', 'form', () => source().imports),
  wordCounter(
    'library_changes',
    'Campaigns that were duplicated, deleted, restored, or removed 30 days after their deletion',
    'change',
    () => source().kept,
  ),
  counter('imported_page_bytes', 'Bytes of the pages of imported campaigns', [], () => [[{}, source().pageBytes]]),
]
