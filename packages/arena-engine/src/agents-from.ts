import { ConfigError } from '@tablecast/config'
import type { Agent } from './agent.ts'
import { ScriptedAgent } from './scripted-agent.ts'

export type AgentsConfig = {
  ARENA_AGENTS: 'script' | 'model' | undefined
  ARENA_MODEL_CALLS: number
  LLM_BASE_URL: string | undefined
  LLM_MODEL: string | undefined
  LLM_API_KEY: string | undefined
  LLM_TIMEOUT_MS: number
}

/**
 * Returns a function that makes new agents for each game, as configured. Loads the client of a language model only if one is
 * configured. Throws `ConfigError` for an incomplete configuration of the model.
 */
export async function agentsFrom(config: AgentsConfig, failed: (error: unknown) => void): Promise<() => Agent> {
  const { LLM_BASE_URL: baseUrl, LLM_MODEL: model } = config
  if ((config.ARENA_AGENTS ?? (model ? 'model' : 'script')) === 'script') return () => new ScriptedAgent()
  if (!baseUrl) throw new ConfigError('LLM_BASE_URL: required when a model answers for the agents')
  if (!model) throw new ConfigError('LLM_MODEL: required when a model answers for the agents')
  const { LanguageModelAgent } = await import('./language-model-agent.ts')
  return () =>
    new LanguageModelAgent({
      baseUrl,
      model,
      apiKey: config.LLM_API_KEY,
      timeoutMs: config.LLM_TIMEOUT_MS,
      maxCalls: config.ARENA_MODEL_CALLS,
      failed,
    })
}
