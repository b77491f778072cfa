// A turn of the narrator: its request and its progress. Separate from the schemas, so that the player's page loads it without them.
import type { StatePatch } from './state.ts'

/**
 * received → thinking → writing → checking. Then a draft is `ready` and waits for the DM; any other turn is published and removed.
 * `failed`: there is no text. `cut`: the text is incomplete, and the server keeps it.
 */
export type TurnPhase = 'received' | 'thinking' | 'writing' | 'checking' | 'ready' | 'failed' | 'cut'

export const isAtWork = (phase: TurnPhase): boolean =>
  phase === 'received' || phase === 'thinking' || phase === 'writing' || phase === 'checking'

/** The narrator asks for this roll. The DM or the player makes it. */
export type RollRequest = { who: string; notation: string; why: string }

/** The turn of a room. `changes`: the patch in words. `notices`: each rejected change, with the reason. */
export type NarratorTurn = {
  id: string
  campaignId: string
  mode: 'draft' | 'auto'
  /** The DM's request. */
  message: string
  /** The player's entry that the turn answers. */
  answers: { id: string; author: string; text: string } | null
  phase: TurnPhase
  startedAt: string
  /** The usual duration of such turns, in milliseconds; null before the first turn. */
  estimateMs: number | null
  text: string
  /** The model's thoughts: only in a draft, and only with LLM_REASONING=keep. `text` never holds them. */
  reasoning?: string
  patch: StatePatch | null
  changes: string[]
  rolls: RollRequest[]
  notices: string[]
  problem: string | null
  /** The version of the campaign on which the patch is based. */
  baseVersion: number
}

/** The turn as players see it. Outside of `auto` mode they get its phase only, not its text. */
export type TurnForPlayers = Pick<NarratorTurn, 'id' | 'phase' | 'startedAt' | 'estimateMs'> & { text: string | null }

export const turnForPlayers = ({ id, mode, phase, startedAt, estimateMs, text }: NarratorTurn): TurnForPlayers | null =>
  isAtWork(phase) ? { id, phase, startedAt, estimateMs, text: mode === 'auto' ? text : null } : null

/** No log keeps these events. `campaign_narrating` replaces the whole turn. The other event inserts text at a position in it. */
export type NarratingEvent =
  | { type: 'campaign_narrating'; turn: NarratorTurn | TurnForPlayers | null }
  | { type: 'campaign_narrating_text'; id: string; at: number; text: string }
