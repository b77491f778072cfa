// The arena's game: rules, agents, and the engine that plays them on the bus.
export { ArenaEngine } from './engine.ts'
export { agentsFrom } from './agents-from.ts'
export { wholeGame } from './whole-game.ts'
