import { type Roll, TablecastError } from '@tablecast/contracts'
import { looksLikeDice } from '@tablecast/rules/notation'
import type { RollKind } from '@tablecast/rules'
import type { Dice } from './dice.ts'

const INLINE = /\[\[([^[\]]+)\]\]/g
const MAX_ROLLS = 20

/**
 * Rolls each `[[1d20+5]]` of a text and puts the total in its place; the rolls say how it came about. Other words in brackets, such as
 * `[[Mayor Voss]]`, stay. Throws BAD_REQUEST before anything is rolled when there are too many.
 */
export function rollInline(text: string, dice: Dice, kind: RollKind): { text: string; rolls: Roll[] } {
  const count = [...text.matchAll(INLINE)].filter(([, inner = '']) => looksLikeDice(inner)).length
  if (count > MAX_ROLLS)
    throw new TablecastError('BAD_REQUEST', `A message holds at most ${MAX_ROLLS} rolls: this one has ${count}.`)
  const rolls: Roll[] = []
  const rolled = text.replaceAll(INLINE, (whole, notation: string) => {
    if (!looksLikeDice(notation)) return whole
    const roll = dice.roll(notation, kind)
    rolls.push(roll)
    return `**${roll.total}**`
  })
  return { text: rolled, rolls }
}
