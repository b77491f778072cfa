import { Refusal } from '../refusal.ts'
import type { Expression, FunctionName, Notation, Operator } from './expression.ts'
import { MAX_THROWN } from './expression.ts'
import { printExpression } from './print.ts'
import { readNotation } from './read.ts'
import { throwDice, type Thrown } from './throw-dice.ts'
import { chosen, successes } from './choose.ts'

/** A whole number from 1 to `sides`, each as likely as the others. */
export type Draw = (sides: number) => number

/** Everybody at the table sees an open roll. Only DMs, and a player whose own it is, see a secret one. */
export type RollKind = 'open' | 'secret'

/** Rolls a text or what was read of it, as `roll` does. `throwing`: called before each die; it may refuse the die. */
export type RollDice = (given: string | Notation, kind: RollKind, throwing?: () => void) => RollResult

/** A die in the order in which it was drawn. */
type Drawn = { sides: number; value: number }

/** Characters of `output`, so that a message of many rolls stays small; 100d20 fits. */
const MAX_OUTPUT = 500

/** `natural`: the kept side of the only d20, if it is a 20 or a 1. `output`: `2d6+3: [4, 2]+3 = 9`. */
export type RollResult = {
  notation: string
  output: string
  total: number
  label: string
  drawn: Drawn[]
  natural: 20 | 1 | null
}

/**
 * Rolls a text or what was read of it. Throws `Refusal`: before the first draw when the text can't be read, later when more than
 * 1,000 dice are thrown or the result is no finite number.
 */
export function roll(given: string | Notation, draw: Draw): RollResult {
  const { expression, label, text: notation } = typeof given === 'string' ? readNotation(given) : given
  const table = new DiceTable(draw)
  const { value, text } = evaluate(expression, table)
  const total = Number(value.toFixed(2)) + 0
  return {
    notation,
    output: shortened(`${notation}: ${text}`, total),
    total,
    label,
    drawn: table.drawn,
    natural: table.natural(),
  }
}

/** Every die of a roll comes from here: it counts them, and remembers what was drawn. */
class DiceTable {
  readonly drawn: Drawn[] = []
  readonly #draw: Draw
  readonly #kept: number[] = []
  #d20s = 0

  constructor(draw: Draw) {
    this.#draw = draw
  }

  draw(sides: number): number {
    this.assertRoomFor(1)
    const value = this.#draw(sides)
    this.drawn.push({ sides, value })
    return value
  }

  /** Before a die of many is drawn, so that a refusal costs nothing. */
  assertRoomFor(dice: number): void {
    if (this.drawn.length + dice > MAX_THROWN)
      throw new Refusal(
        'dice',
        `A roll throws at most ${MAX_THROWN.toLocaleString('en')} dice, with those that explode or are thrown again.`,
      )
  }

  rememberD20(kept: readonly Thrown[]): void {
    this.#d20s++
    for (const { value } of kept) this.#kept.push(value)
  }

  natural(): 20 | 1 | null {
    const [only] = this.#kept
    if (this.#d20s !== 1 || this.#kept.length !== 1) return null
    return only === 20 || only === 1 ? only : null
  }
}

type Evaluated = { value: number; text: string }

function evaluate(expression: Expression, table: DiceTable): Evaluated {
  switch (expression.kind) {
    case 'number':
      return { value: expression.value, text: printExpression(expression) }
    case 'negate': {
      const { value, text } = evaluate(expression.of, table)
      return { value: -value, text: `-${wrapped(expression.of, text)}` }
    }
    case 'binary': {
      const [left, right] = [evaluate(expression.left, table), evaluate(expression.right, table)]
      const value = finite(calculate(expression.operator, left.value, right.value))
      const [a, b] = [wrapped(expression.left, left.text), wrapped(expression.right, right.text)]
      return { value, text: `${isSum(expression) ? left.text : a}${expression.operator}${b}` }
    }
    case 'call': {
      const of = expression.of.map((part) => evaluate(part, table))
      const value = finite(
        call(
          expression.name,
          of.map(({ value }) => value),
        ),
      )
      return { value, text: `${expression.name}(${of.map(({ text }) => text).join(', ')})` }
    }
    case 'group':
      return evaluateGroup(expression, table)
    case 'dice': {
      const count = evaluate(expression.count, table).value
      const { sides } = expression
      return throwDice(
        count,
        typeof sides === 'string' ? sides : evaluate(sides, table).value,
        expression.modifiers,
        table,
      )
    }
  }
}

const isSum = ({ operator }: { operator: Operator }): boolean => operator === '+' || operator === '-'
const wrapped = (expression: Expression, text: string): string => (expression.kind === 'binary' ? `(${text})` : text)

function evaluateGroup({ parts, modifiers }: Expression & { kind: 'group' }, table: DiceTable): Evaluated {
  const rolled = parts.map((part) => ({ ...evaluate(part, table), isDropped: false, marks: '' }))
  chosen(rolled, modifiers)
  const counted = successes(rolled, modifiers)
  const kept = rolled.filter(({ isDropped }) => !isDropped)
  const value = counted ?? kept.reduce((sum, { value }) => sum + value, 0)
  const sort = modifiers.find((modifier) => modifier.kind === 'sort')
  if (sort) rolled.sort((a, b) => (sort.descending ? b.value - a.value : a.value - b.value))
  return { value: finite(value), text: `{${rolled.map(({ text, marks }) => `${text}${marks}`).join(', ')}}` }
}

function calculate(operator: Operator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '%':
      return a % b
    case '**':
      return a ** b
  }
}

function call(name: FunctionName, of: readonly number[]): number {
  const [a = 0, b = 0] = of
  switch (name) {
    case 'max':
      return Math.max(...of)
    case 'min':
      return Math.min(...of)
    case 'pow':
      return a ** b
    case 'abs':
    case 'ceil':
    case 'floor':
    case 'round':
    case 'sign':
    case 'sqrt':
      return Math[name](a)
  }
}

function finite(value: number): number {
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value
  throw new Refusal('dice', 'These dice come to no number: look for a division by zero, a root or a power.')
}

/** Leaves out the dice that do not fit. A refusal would depend on chance, and people would just throw again. */
function shortened(output: string, total: number): string {
  const end = ` = ${total}`
  if (output.length + end.length <= MAX_OUTPUT) return output + end
  const room = MAX_OUTPUT - end.length - 2
  return `${output.slice(0, room).replace(/,[^,]*$/, ',')} …${end}`
}
