// Turns chat messages into story and state. `@tablecast/narrator/model` loads the client of a language model, and
// `@tablecast/narrator/scenario` the readers of Markdown and YAML; nothing here does.
export * from './narrator.ts'
export { createScribe } from './scribe.ts'
export { scenarioWorker } from './scenario-answer.ts'
export { countsOf, ReportNotes, type Scenario } from './scenario/reading.ts'
export { pagesSentence, reportState } from './scenario/report-state.ts'
export { MAX_NAMES_SHOWN } from './scenario/words.ts'
export { beatLine, characterLine, conditionLine, threatLine } from './scenario/own-lines.ts'
export { ownFrontMatter, ownPage, ownSection } from './scenario/own-sections.ts'
export type { LanguageModel } from './llm/language-model.ts'
export type { ModelNarrator } from './llm/model-narrator.ts'
export { recapPrompt, type StoryRequest, summaryPrompt } from './llm/prompt.ts'
export { extractRecap } from './llm/recap.ts'
