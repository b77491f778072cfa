import type { CampaignState } from '@tablecast/contracts'
import type { AskedOperation } from '../../../live/outbox-calls.ts'

/** Both name the turn that they end, so a double click changes nothing twice. */
export function turnOperations({ current, round }: CampaignState['turn']): Record<'next' | 'back', AskedOperation> {
  const ends = { fighter: current, round }
  return { next: { type: 'advanceTurn', ends }, back: { type: 'advanceTurn', ends, direction: 'back' } }
}
