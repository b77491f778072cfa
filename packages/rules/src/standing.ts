// Where a fighter stands, in words for everybody. Without schemas, so that a page loads it for a few bytes.
import type { Fighter, Side } from './fighter.ts'

export const sideOf = ({ side, kind }: Pick<Fighter, 'side' | 'kind'>): Side =>
  side ?? (kind === 'monster' ? 'foe' : 'party')

export type Band = 'unhurt' | 'hurt' | 'bloodied' | 'down'

/** How hurt a fighter looks, for people who do not see the numbers. */
export function bandOf({ hp: { current, max } }: Pick<Fighter, 'hp'>): Band {
  if (current <= 0) return 'down'
  if (current * 2 <= max) return 'bloodied'
  return current < max ? 'hurt' : 'unhurt'
}
