import type { AgentAnswer } from '@tablecast/contracts'

/** One who plays: an individual, made from a persona, perhaps a clone of another. */
export type Contestant = {
  id: string
  name: string
  persona: string
  portrait: string
  susceptibility: number
  generation: number
  parentId: string | null
}

export type Statement = { agentId: string; name: string; text: string; belief: number }

/** A question to an agent. `statements`: the earlier statements of this debate, oldest first. */
export type Question = {
  seed: number
  round: number
  phase: 'debate' | 'judge'
  news: string
  contestant: Contestant
  statements: readonly Statement[]
  /** The agent's belief in the debate; null during the debate itself. */
  before: number | null
}

/** Answers for a contestant. It may take its time, and reject only when `signal` aborts. */
export interface Agent {
  answer(question: Question, signal: AbortSignal): Promise<AgentAnswer>
}
