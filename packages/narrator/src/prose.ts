import { type Roll, TablecastError } from '@tablecast/contracts'
import type { Dice } from './narrator.ts'

const INLINE = /\[\[([^[\]]+)\]\]/g
const MAX_ROLLS = 20

/**
 * Rolls each `[[1d20+5]]` of a text and puts the total in its place; the rolls say how it came about. Throws BAD_REQUEST before
 * anything is rolled when there are too many.
 */
export function rollInline(text: string, dice: Dice): { text: string; rolls: Roll[] } {
  const count = text.match(INLINE)?.length ?? 0
  if (count > MAX_ROLLS)
    throw new TablecastError('BAD_REQUEST', `A message holds at most ${MAX_ROLLS} rolls: this one has ${count}.`)
  const rolls: Roll[] = []
  const rolled = text.replaceAll(INLINE, (_whole, notation: string) => {
    const roll = dice.roll(notation)
    rolls.push(roll)
    return `**${roll.total}**`
  })
  return { text: rolled, rolls }
}
