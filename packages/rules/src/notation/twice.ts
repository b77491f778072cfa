// Dice thrown twice: advantage, disadvantage and criticals.
import { Refusal } from '../refusal.ts'
import type { Expression } from './expression.ts'

type Dice = Expression & { kind: 'dice' }

/** With advantage (`highest`) or disadvantage (`lowest`): the only single d20 of the expression is thrown twice. */
export function twice(expression: Expression, end: 'highest' | 'lowest'): Expression {
  let found = 0
  const result = mapDice(expression, (dice) => {
    if (!isSingleD20(dice)) return dice
    found++
    return { ...dice, count: { kind: 'number', value: 2 }, modifiers: [{ kind: 'keep', end, count: 1 }] }
  })
  if (found === 1) return result
  const why = found === 0 ? 'there is none' : `there are ${found}`
  throw new Refusal('notation', `Advantage and disadvantage are for one 1d20, and here ${why}.`)
}

/** A critical hit throws all dice twice; numbers stay. */
export const critical = (expression: Expression): Expression =>
  mapDice(expression, (dice) => ({ ...dice, count: doubled(dice.count) }))

const doubled = (count: Expression): Expression =>
  count.kind === 'number'
    ? { kind: 'number', value: 2 * count.value }
    : { kind: 'binary', operator: '*', left: { kind: 'number', value: 2 }, right: count }

const isSingleD20 = ({ count, sides, modifiers }: Dice): boolean =>
  count.kind === 'number' &&
  count.value === 1 &&
  typeof sides === 'object' &&
  sides.kind === 'number' &&
  sides.value === 20 &&
  modifiers.length === 0

function mapDice(expression: Expression, change: (dice: Dice) => Expression): Expression {
  switch (expression.kind) {
    case 'number':
      return expression
    case 'dice':
      return change(expression)
    case 'negate':
      return { ...expression, of: mapDice(expression.of, change) }
    case 'group':
      return { ...expression, parts: expression.parts.map((part) => mapDice(part, change)) }
    case 'call':
      return { ...expression, of: expression.of.map((part) => mapDice(part, change)) }
    case 'binary':
      return { ...expression, left: mapDice(expression.left, change), right: mapDice(expression.right, change) }
  }
}
