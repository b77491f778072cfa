import { randomInt } from 'node:crypto'
import { TablecastError } from '@tablecast/contracts'
import { type Draw, Refusal, roll } from '@tablecast/rules'
import type { Dice } from './narrator.ts'
import { ThrowBudget } from './throw-budget.ts'

/** The operating system's cryptographic random source. */
export const cryptoDraw: Draw = (sides) => randomInt(1, sides + 1)

export const createDice = (draw: Draw = cryptoDraw): Dice => ({
  roll(notation, label = '', budget = new ThrowBudget()) {
    try {
      const rolled = roll(notation, (sides) => {
        budget.take(1)
        return draw(sides)
      })
      return {
        notation: rolled.notation,
        output: rolled.output,
        total: rolled.total,
        label: label || rolled.label,
      }
    } catch (error) {
      throw error instanceof Refusal ? new TablecastError('BAD_REQUEST', error.message) : error
    }
  },
})
