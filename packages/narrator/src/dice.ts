import { randomInt } from 'node:crypto'
import { TablecastError } from '@tablecast/contracts'
import { DiceRoll, NumberGenerator } from '@dice-roller/rpg-dice-roller'
import type { Dice } from './narrator.ts'

const MAX_NOTATION = 100
const MAX_DICE = 100

/** Dice on the operating system's cryptographic random source. Notation: https://dice-roller.github.io/documentation */
export function cryptoDice(): Dice {
  // The library's own `nodeCrypto` engine calls `require`, which a module does not have.
  NumberGenerator.generator.engine = { next: () => randomInt(-(2 ** 31), 2 ** 31) }
  return {
    roll(notation, label = '') {
      const asked = notation.trim()
      if (asked.length === 0 || asked.length > MAX_NOTATION || countDice(asked) > MAX_DICE) throw unreadable(asked)
      try {
        const roll = new DiceRoll(asked)
        if (!Number.isFinite(roll.total)) throw unreadable(asked)
        return { notation: roll.notation, output: roll.output, total: roll.total, label }
      } catch {
        throw unreadable(asked)
      }
    },
  }
}

/** The library rolls whatever is asked, so the number of dice is bounded before it reads the notation. */
function countDice(notation: string): number {
  // A computed number of dice or sides, `(2+3)d6`, can't be bounded without evaluating it.
  if (/[)}]\s*d|d\s*\(/i.test(notation)) return Number.POSITIVE_INFINITY
  return [...notation.matchAll(/(\d*)\s*d\s*[\d%F]/gi)].reduce((sum, [, count]) => sum + Number(count || 1), 0)
}

const unreadable = (notation: string) =>
  new TablecastError(
    'BAD_REQUEST',
    `"${notation.slice(0, 40)}" is no dice roll: write it like 2d6+3, 1d20 or 4d6kh3, with at most ${MAX_DICE} dice`,
  )
