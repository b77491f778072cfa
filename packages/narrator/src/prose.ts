import type { Roll } from '@tablecast/contracts'
import type { Dice } from './narrator.ts'

const INLINE = /\[\[([^[\]]+)\]\]/g

/** Rolls each `[[1d20+5]]` of a text and puts the total in its place; the rolls say how it came about. */
export function rollInline(text: string, dice: Dice): { text: string; rolls: Roll[] } {
  const rolls: Roll[] = []
  const told = text.replaceAll(INLINE, (_whole, notation: string) => {
    const roll = dice.roll(notation)
    rolls.push(roll)
    return `**${roll.total}**`
  })
  return { text: told, rolls }
}
