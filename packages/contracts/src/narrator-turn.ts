// A turn of the narrator: its request and its progress. It stands apart from the schemas, so that the player's page need not load them.
import type { StatePatch } from './state.ts'

/**
 * received → thinking → writing → checking, then `ready` (a draft that waits for the DM), or it is published and gone. `failed`:
 * nothing came; `cut`: it ended before its end, and what there is of it is kept.
 */
export type TurnPhase = 'received' | 'thinking' | 'writing' | 'checking' | 'ready' | 'failed' | 'cut'

export const isAtWork = (phase: TurnPhase): boolean =>
  phase === 'received' || phase === 'thinking' || phase === 'writing' || phase === 'checking'

/** A roll that the narrator asks for; the DM or the player makes it. */
export type RollRequest = { who: string; notation: string; why: string }

/** The turn of a room. `changes`: the patch in words. `notices`: the changes that were left out of it, and why. */
export type NarratorTurn = {
  id: string
  campaignId: string
  mode: 'draft' | 'auto'
  /** The DM's request. */
  message: string
  /** The player's entry that it answers. */
  answers: { id: string; author: string; text: string } | null
  phase: TurnPhase
  startedAt: string
  /** How long such turns took lately, in milliseconds; null before the first. */
  estimateMs: number | null
  text: string
  /** The model's thoughts, in a draft, where LLM_REASONING is `keep`. Never part of `text`. */
  reasoning?: string
  patch: StatePatch | null
  changes: string[]
  rolls: RollRequest[]
  notices: string[]
  problem: string | null
  /** The campaign's version that the patch was made for. */
  baseVersion: number
}

/** The turn as players see it: that something is being written, and in `auto` mode the words. */
export type TurnForPlayers = Pick<NarratorTurn, 'id' | 'phase' | 'startedAt' | 'estimateMs'> & { text: string | null }

export const turnForPlayers = ({ id, mode, phase, startedAt, estimateMs, text }: NarratorTurn): TurnForPlayers | null =>
  isAtWork(phase) ? { id, phase, startedAt, estimateMs, text: mode === 'auto' ? text : null } : null

/** Ephemeral: in no log. `campaign_narrating` replaces what was known; the other adds text at a character of it. */
export type NarratingEvent =
  | { type: 'campaign_narrating'; turn: NarratorTurn | TurnForPlayers | null }
  | { type: 'campaign_narrating_text'; id: string; at: number; text: string }
