import type { AgentAnswer } from '@tablecast/contracts'

/** A player of a game. It is an individual of a persona, and may be the clone of another one. */
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

/** A question to an agent. `statements`: what others have said in this debate, oldest first. */
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

/** Answers for a contestant. The answer may take long. The promise rejects only after `signal` has aborted. */
export interface Agent {
  answer(question: Question, signal: AbortSignal): Promise<AgentAnswer>
}
