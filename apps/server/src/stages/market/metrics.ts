import type { MarketStatus } from '@tablecast/contracts'
import { counter, gauge, type Metric } from '../../ops/metric.ts'

export function metricsOf(status: () => MarketStatus): Metric[] {
  const counterOf = (name: string, help: string, field: 'recovered' | 'dropped') =>
    counter(`market_${name}`, help, [], () => [[{}, status()[field]]])
  return [
    gauge('market_waiting_messages', 'Messages of the market that are stored and not published yet', [], () => [
      [{}, status().waiting],
    ]),
    counterOf(
      'recovered_messages',
      'Discussion messages read from the log because the channels had not brought them',
      'recovered',
    ),
    counterOf('dropped_messages', 'Messages of the market’s channels that were not JSON or did not fit', 'dropped'),
  ]
}
