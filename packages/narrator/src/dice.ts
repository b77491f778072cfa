import { type Roll, TablecastError } from '@tablecast/contracts'
import { Refusal, type RollDice, type RollKind } from '@tablecast/rules'
import { ThrowBudget } from './throw-budget.ts'

/**
 * The dice of one message. Throws `TablecastError` BAD_REQUEST when the notation can't be read, or throws more dice than is left in the
 * message's budget. `output` is at most 500 characters long.
 */
export interface Dice {
  roll(notation: string, kind: RollKind, label?: string): Roll
}

/** The object that `roll` gives is the one that `rollDice` gave: who rolled it knows it again. */
export function createDice(rollDice: RollDice): Dice {
  const budget = new ThrowBudget()
  return {
    roll(notation, kind, label = '') {
      try {
        const rolled = rollDice(notation, kind, () => budget.take(1))
        return label === '' ? rolled : Object.assign(rolled, { label })
      } catch (error) {
        throw error instanceof Refusal ? new TablecastError('BAD_REQUEST', error.message) : error
      }
    },
  }
}
