// Dice as people write them: read, printed, rolled with injected draws.
export * from './expression.ts'
export { looksLikeDice, readDice, readExpression, readNotation } from './read.ts'
export { printExpression } from './print.ts'
export { roll, type Draw, type RollDice, type RollKind, type RollResult } from './roll.ts'
export { critical } from './twice.ts'
