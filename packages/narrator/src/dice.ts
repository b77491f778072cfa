import { randomInt } from 'node:crypto'
import { TablecastError } from '@tablecast/contracts'
import { Dice as Kinds, NumberGenerator, Parser, Results, RollGroup } from '@dice-roller/rpg-dice-roller'
import type { Dice } from './narrator.ts'
import { ThrowBudget } from './throw-budget.ts'

const MAX_NOTATION = 100
const MAX_DICE = 100
/** The library's arithmetic doubles its work with each percent sign: thirty of them end the process. `d%` has no such sign. */
const MAX_PERCENT_SIGNS = 2
/** So that a message of many rolls stays readable, and small: 100d20 fits. */
const MAX_OUTPUT = 500

/** Dice on the operating system's cryptographic random source. Notation: https://dice-roller.github.io/documentation */
export function createDice(): Dice {
  return {
    roll(notation, label = '', budget = new ThrowBudget()) {
      const asked = notation.trim()
      if (asked.length === 0 || asked.length > MAX_NOTATION || countPercentSigns(asked) > MAX_PERCENT_SIGNS)
        throw unreadable(asked)
      try {
        const parts: Part[] = Parser.parse(asked)
        const dice = diceIn(parts)
        if (dice.count > MAX_DICE) throw unreadable(asked)
        budget.take(dice.count)
        // The library's own `nodeCrypto` engine calls `require`, which a module does not have.
        NumberGenerator.generator.engine = countingEngine(dice.countDrawn, budget)
        const results = new Results.ResultGroup(parts.map((part) => (typeof part === 'object' ? part.roll() : part)))
        const { value } = results
        // Also where the library's own roll says 0: the root of -1, the logarithm of 0.
        if (!Number.isFinite(value)) throw unreadable(asked)
        const total = Number(value.toFixed(2))
        return { notation: asked, output: shortened(`${asked}: ${results.toString()}`, total), total, label }
      } catch (error) {
        throw error instanceof TablecastError ? error : unreadable(asked)
      }
    },
  }
}

/** A part of a parsed notation: dice, and the numbers, signs and names of functions around them. */
type Part = Kinds.StandardDice | RollGroup | string | number

/** Dice that are thrown at first, and those of them that take chance: a die with one side does not. */
type DiceCount = { count: number; countDrawn: number }

/** Throws for a die with a part of a side: it would be thrown again and again without taking chance once. */
function diceIn(parts: readonly Part[]): DiceCount {
  const found = { count: 0, countDrawn: 0 }
  for (const part of parts) {
    if (part instanceof Kinds.StandardDice) {
      if (!Number.isInteger(part.max)) throw new RangeError('a die has whole sides')
      found.count += part.qty
      if (part.max > part.min) found.countDrawn += part.qty
    } else if (part instanceof RollGroup) {
      const inner = diceIn(part.expressions.flat())
      found.count += inner.count
      found.countDrawn += inner.countDrawn
    }
  }
  return found
}

/** Every die comes through here, also one that explodes or is thrown again. `paid`: how many are taken from the budget already. */
function countingEngine(paid: number, budget: ThrowBudget): { next(): number } {
  let thrown = 0
  return {
    next() {
      thrown++
      if (thrown > paid) budget.take(1)
      return randomInt(-(2 ** 31), 2 ** 31)
    },
  }
}

/** `sd%` sorts, and goes on with a percent sign. */
const countPercentSigns = (notation: string): number => notation.replaceAll(/(?<!s)d%/g, '').split('%').length - 1

/** Leaves out the dice that do not fit. A refusal would depend on chance, and people would just throw again. */
function shortened(output: string, total: number): string {
  const end = ` = ${total}`
  if (output.length + end.length <= MAX_OUTPUT) return output + end
  const room = MAX_OUTPUT - end.length - 2
  return `${output.slice(0, room).replace(/,[^,]*$/, ',')} …${end}`
}

const unreadable = (notation: string) =>
  new TablecastError(
    'BAD_REQUEST',
    `"${notation.slice(0, 40)}" is no dice roll: write it like 2d6+3, 1d20 or 4d6kh3, with at most ${MAX_DICE} dice.`,
  )
