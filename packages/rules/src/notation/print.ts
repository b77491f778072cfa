import type { Compare, Expression, Modifier, Operator, Sides } from './expression.ts'

/** The expression as text without spaces; `readExpression` reads the same expression from it. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return printNumber(expression.value)
    case 'dice':
      return `${bracketed(expression.count)}d${printSides(expression.sides)}${printModifiers(expression.modifiers)}`
    case 'group':
      return `{${expression.parts.map(printExpression).join(',')}}${printModifiers(expression.modifiers)}`
    case 'call':
      return `${expression.name}(${expression.of.map(printExpression).join(',')})`
    case 'negate':
      return `-${binds(expression.of) < NEGATE ? inBrackets(expression.of) : printExpression(expression.of)}`
    case 'binary':
      return printBinary(expression)
  }
}

const NEGATE = 3
const BINDS: Record<Operator, number> = { '+': 1, '-': 1, '*': 2, '/': 2, '%': 2, '**': 4 }

const binds = (expression: Expression): number => {
  if (expression.kind === 'binary') return BINDS[expression.operator]
  return expression.kind === 'negate' ? NEGATE : 5
}

function printBinary({ operator, left, right }: Expression & { kind: 'binary' }): string {
  const own = BINDS[operator]
  // A power is read from the right, all others from the left.
  const isPower = operator === '**'
  const printedLeft = (isPower ? binds(left) <= own : binds(left) < own) ? inBrackets(left) : printExpression(left)
  const isRightBare = isPower ? binds(right) >= own || right.kind === 'negate' : binds(right) > own
  return `${printedLeft}${operator}${isRightBare ? printExpression(right) : inBrackets(right)}`
}

const inBrackets = (expression: Expression): string => `(${printExpression(expression)})`
const bracketed = (expression: Expression): string =>
  expression.kind === 'number' ? printExpression(expression) : inBrackets(expression)

function printSides(sides: Sides): string {
  if (sides === 'F') return 'F'
  if (sides === 'F1') return 'F.1'
  return bracketed(sides)
}

const printModifiers = (modifiers: readonly Modifier[]): string => modifiers.map(printModifier).join('')

function printModifier(modifier: Modifier): string {
  switch (modifier.kind) {
    case 'min':
    case 'max':
      return `${modifier.kind}${printNumber(modifier.value)}`
    case 'explode':
      return `${modifier.compounds ? '!!' : '!'}${modifier.penetrates ? 'p' : ''}${printCompare(modifier.compare)}`
    case 'reroll':
      return `${modifier.once ? 'ro' : 'r'}${printCompare(modifier.compare)}`
    case 'unique':
      return `${modifier.once ? 'uo' : 'u'}${printCompare(modifier.compare)}`
    case 'keep':
      return `k${modifier.end === 'highest' ? 'h' : 'l'}${modifier.count}`
    case 'drop':
      return `d${modifier.end === 'highest' ? 'h' : 'l'}${modifier.count}`
    case 'success':
      return printCompare(modifier.compare)
    case 'failure':
      return `f${printCompare(modifier.compare)}`
    case 'criticalSuccess':
      return `cs${printCompare(modifier.compare)}`
    case 'criticalFailure':
      return `cf${printCompare(modifier.compare)}`
    case 'sort':
      return modifier.descending ? 'sd' : 'sa'
  }
}

const printCompare = (compare: Compare | null): string =>
  compare ? `${compare.comparison}${printNumber(compare.value)}` : ''

/** Digits alone: `1e21` and `1e-7` are no notation. */
const printNumber = (value: number): string =>
  Number.isInteger(value) ? String(value) : value.toFixed(6).replace(/0+$/, '')
