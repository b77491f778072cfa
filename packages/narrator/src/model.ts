// A language model that writes with the DM. Loads the client of OpenAI's interface: import it only where a model is configured.
export { LanguageModel } from './llm/language-model.ts'
export { ModelNarrator } from './llm/model-narrator.ts'
