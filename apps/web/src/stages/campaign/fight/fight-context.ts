import type { CampaignState, Character } from '@tablecast/contracts'
import type { BoxEntry } from '@tablecast/rules/commands'
import { createContext, use } from 'react'
import type { Operate, Where } from './use-operate.ts'

export type FightAtHand = {
  where: Where
  state: CampaignState
  operate: Operate
  /** The rows that are chosen together. */
  chosen: ReadonlySet<string>
  /** The damage that was typed last, for `half`. */
  lastEntry: () => BoxEntry | null
  keepEntry: (entry: BoxEntry) => void
  openBlock: (fighter: Character) => void
}

export const FightContext = createContext<FightAtHand | null>(null)

/** The fight that the DM's console shows. */
export function useFight(): FightAtHand {
  const fight = use(FightContext)
  if (!fight) throw new Error('useFight is called outside of a fight')
  return fight
}
