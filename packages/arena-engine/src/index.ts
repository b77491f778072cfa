// The arena's game: rules, agents, and the engine that plays them on the bus.
export type { Agent, Contestant, Question, Statement } from './agent.ts'
export { ArenaEngine, type EngineParts } from './engine.ts'
export { agentsFrom, type AgentsConfig } from './agents-from.ts'
export { game, type GameOptions, type Reply, type Step } from './game.ts'
export { LanguageModelAgent, type LanguageModelOptions } from './language-model-agent.ts'
export { personas } from './personas.ts'
export { ScriptedAgent } from './scripted-agent.ts'
export { wholeGame } from './whole-game.ts'
