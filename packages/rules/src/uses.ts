// Actions that a fighter has a limited number of times.
import { StoredLine } from '@tablecast/text'
import { z } from 'zod'

/** When uses come back: at the start of the own turn, by a roll of a d6 of at least `from` then, or not within a fight. */
const Back = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('turn') }),
  z.object({ kind: z.literal('recharge'), from: z.int().min(2).max(6) }),
  z.object({ kind: z.literal('rest') }),
])

/** Legendary actions and the reaction are uses that come back each turn; they have the keys below. */
export const Use = z.object({
  key: z.string().regex(/^[a-z0-9-]{1,40}$/),
  name: StoredLine(60),
  left: z.int().min(0).max(99),
  most: z.int().min(1).max(99),
  back: Back,
})
export type Use = z.infer<typeof Use>

/** All of a new fighter's uses are left. */
export const NewUse = Use.omit({ left: true })

export const REACTION = 'reaction'
export const LEGENDARY = 'legendary'

/** Takes from what is left, or gives back with a negative count; null without such a use or with too few left. */
export function takeUses(uses: readonly Use[], key: string, count: number): Use[] | null {
  const use = uses.find((known) => known.key === key)
  if (!use || use.left < count) return null
  const left = Math.min(use.most, use.left - count)
  return uses.map((known) => (known === use ? { ...use, left } : known))
}
