// Turns chat messages into story and state.
export * from './narrator.ts'
export { cryptoDice } from './dice.ts'
export { createScribe } from './scribe.ts'
