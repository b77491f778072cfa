// Dice that can be checked: the draws of a chain, and the check of rolls once their seed is known.
export * from './draw.ts'
export * from './check.ts'
