// Turns chat messages into story and state.
export * from './narrator.ts'
export { cryptoDice } from './dice.ts'
export { createScribe } from './scribe.ts'
export { readScenario, type Scenario, type ScenarioAnswer, scenarioWorker } from './scenario.ts'
export { estimateTokens, LanguageModel, type LanguageModelOptions } from './llm/language-model.ts'
export { ModelNarrator, type StoryPart } from './llm/model-narrator.ts'
export { recapPrompt, type StoryRequest, summaryPrompt } from './llm/prompt.ts'
export { extractRecap } from './llm/recap.ts'
