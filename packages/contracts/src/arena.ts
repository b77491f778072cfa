// The arena: agents read a piece of fake news, answer, are judged, die and are cloned. The messages on the bus and the sockets.
import { z } from 'zod'
import { IdempotencyKey } from './ids.ts'
import { Line, NonblankProse } from './text.ts'

const ARENA_ID = /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}$/

/** The id of a session or an agent. It is safe as a token of a bus subject. */
export const ArenaId = z
  .string()
  .regex(ARENA_ID, 'must be 1 to 64 letters, digits, "_" or "-", and begin with a letter or digit')

export const isArenaId = (text: string): boolean => ARENA_ID.test(text)

export const MAX_NEWS = 4_000
const MAX_ROUNDS = 20

const Content = NonblankProse(MAX_NEWS)
const rounds = z.int().min(1).max(MAX_ROUNDS).optional()
const seed = z.int().min(0).max(4_294_967_295).optional()

/** REST `POST /init_session`. Some engines understand `rounds` and `seed`. Without them the engine chooses. */
export const InitSessionBody = z.object({ session_id: ArenaId, rounds, seed })
export const SubmitNewsBody = z.object({ session_id: ArenaId, content: Content })
export const FakeNewsBody = z.object({ content: Content })
export const ArenaAccepted = z.object({ status: z.literal('ok'), session_id: ArenaId })
export type ArenaAccepted = z.infer<typeof ArenaAccepted>

export const StartSessionInput = z.object({ key: IdempotencyKey, sessionId: ArenaId, rounds, seed })
export const SubmitNewsInput = z.object({ key: IdempotencyKey, sessionId: ArenaId, content: Content })
export const SessionInput = z.object({ sessionId: ArenaId })
export const ArenaEventsInput = z.object({ sessionId: ArenaId, lastEventId: Line(100).nullish() })
export const ArenaSinceInput = z.object({ sessionId: ArenaId, cursor: Line(100).nullish() })

/** The options of a session, which its engine gets at the start. */
export type ArenaOptions = { rounds?: number | undefined; seed?: number | undefined }

export type ArenaSession = {
  id: string
  status: 'running' | 'ended'
  /** The newest announced round; 0 before the first. */
  round: number
  phase: string | null
  /** The game waits for the game master. */
  waiting: boolean
  /** The newest news that the game has played. */
  news: string | null
  createdAt: string
  endedAt: string | null
  /** Whether the caller may send news. A session that was started without an account takes news from everyone. */
  mine: boolean
}

/** One relayed message. `subject` lacks `arena.<sid>.`. The payload is any JSON, unchanged. `at`: the time when it was stored. */
export type ArenaEvent = { subject: string; data?: unknown; at: string }
/** `more`: further events wait, so the client asks again at once with the cursor. */
export type ArenaSinceAnswer = { cursor: string; events: (ArenaEvent & { seq: number })[]; more: boolean }

const arenaPhases = ['debate', 'judge', 'cull', 'clone'] as const
export type ArenaPhase = (typeof arenaPhases)[number]

/** An agent's answer. `belief`: how likely the news is true, 0 to 1. `vote`: in the phase `judge`, the agent that convinced it most. */
export type AgentAnswer = {
  phase: 'debate' | 'judge'
  text: string
  belief: number
  vote: string | null
  source: 'script' | 'model'
}

/** The `detail` of `agent.<aid>.status`, as our engine publishes it. */
export type AgentDetail = {
  name: string
  persona: string
  generation: number
  parent: string | null
  susceptibility: number
  /** The score of the newest round, 0 to 100; null before the judgement. */
  score: number | null
  total: number
  belief: number | null
  note: string | null
}

export type AgentState = 'ready' | 'thinking' | 'judged' | 'dead'

type ArenaSurvivor = {
  agent_id: string
  agent_name: string
  score: number
  generation: number
  parent_id: string | null
}

export type ArenaRound = {
  round: number
  fake_news: string
  scores: { agent_id: string; score: number; belief: number }[]
  death: string | null
  clone: { parent_id: string; child_id: string } | null
}

/** The subjects that the server relays to clients, with the payloads of our engine. */
export type ArenaMessages = {
  'round.start': { round: number; fake_news: string; context: string }
  'phase.start': { round: number; phase: ArenaPhase }
  [input: `agent.${string}.input`]: { phase: 'debate' | 'judge'; data: unknown }
  [output: `agent.${string}.output`]: { data: AgentAnswer }
  [status: `agent.${string}.status`]: { state: AgentState; detail: AgentDetail }
  [kill: `agent.${string}.kill`]: { reason: string; round: number }
  'event.death': { agent_id: string; agent_name: string; round: number; cause: string }
  'event.clone': { parent_id: string; child_id: string; child_name: string; round: number }
  'event.end': { survivors: ArenaSurvivor[]; history: ArenaRound[] }
  'input.waiting': { round: number; waiting: boolean }
}

export const arenaSubject = (sessionId: string, suffix: string): string => `arena.${sessionId}.${suffix}`

/** Null for a subject without a session: `arena.init`, or one whose id is invalid. */
export function parseArenaSubject(subject: string): { sessionId: string; suffix: string } | null {
  const [root, sessionId = '', ...rest] = subject.split('.')
  if (root !== 'arena' || !isArenaId(sessionId) || rest.length === 0) return null
  return { sessionId, suffix: rest.join('.') }
}
