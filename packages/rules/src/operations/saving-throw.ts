import type { Fight } from './fight.ts'
import type { Ability } from './operation.ts'

type Asked = { ability: Ability; dc: number }
type Die = { rolled?: number | undefined; advantage?: string | undefined }

/** Rolls a save, and says its result to the DMs alone: it would tell a bonus. */
export function savingThrow(fight: Fight, id: string, { ability, dc }: Asked, die: Die): { isSaved: boolean } {
  const bonus = fight.context.saveBonus?.(fight.fighter(id), ability) ?? 0
  const result = fight.d20(bonus, die, 'secret')
  const isSaved = result.total >= dc
  fight.say(
    [id],
    ({ names }) => `${names} ${isSaved ? 'saves' : 'fails'}: ${ability} ${result.total} against DC ${dc}.`,
    { rolls: [result], isForDm: true, isBookkeeping: true },
  )
  return { isSaved }
}
