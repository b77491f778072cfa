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

/** The number that is left of each use, by its key. Null for a value that is no list of uses. */
function leftOf(uses: unknown): ReadonlyMap<string, number> | null {
  const parsed = Use.array().safeParse(uses)
  return parsed.success ? new Map(parsed.data.map(({ key, left }) => [key, left])) : null
}

/**
 * The uses without what an operation took or gave back, whatever was taken since. `before`, `after`: the uses around that operation, as its
 * step stored them. Null where the operation changed more than numbers, or one of the uses is gone.
 */
export function usesBefore(now: readonly Use[], { before, after }: { before: unknown; after: unknown }): Use[] | null {
  const [were, became] = [leftOf(before), leftOf(after)]
  if (!were || !became || were.size !== became.size) return null
  const known = new Set(now.map(({ key }) => key))
  const amounts = new Map<string, number>()
  for (const [key, left] of became) {
    const was = were.get(key)
    if (was === undefined) return null
    if (was === left) continue
    if (!known.has(key)) return null
    amounts.set(key, left - was)
  }
  return now.map((use) => {
    const amount = amounts.get(use.key)
    return amount === undefined ? use : { ...use, left: Math.max(0, Math.min(use.most, use.left - amount)) }
  })
}
