// The one interface of everything that turns a chat message into story and state.
import type { CampaignState, NarrativeEntry, Roll, StatePatch } from '@tablecast/contracts'
import type { Command } from '@tablecast/rules/commands'
import type { ThrowBudget } from './throw-budget.ts'

export type Actor = { id: string; name: string; role: 'dm' | 'player' | 'system' }

/**
 * Throws `TablecastError` BAD_REQUEST when the notation can't be read, or throws more dice than is left in the message's budget.
 * `output` is at most 500 characters long.
 */
export interface Dice {
  roll(notation: string, label?: string, budget?: ThrowBudget): Roll
}

export type NarrationRequest = { message: string; actor: Actor; state: CampaignState }

/** An entry before it has its id, time and author. */
export type DraftEntry = Pick<
  NarrativeEntry,
  'kind' | 'text' | 'rolls' | 'audience' | 'member' | 'isBookkeeping' | 'hasPlayersForm' | 'turn' | 'picture'
>

/** Operations to carry out as one step, an attack of a stat block, or creatures of the bestiary to bring in. */
export type FightCommand = Extract<Command, { kind: 'operations' | 'attack' | 'add' }>

/**
 * `action`: the message asked for an undo or redo. `force`: also where a later step wrote the same. `command`: the message is a command of a fight. `reply`: an answer to the
 * author alone, nothing is stored of it.
 */
export type NarrationResult = {
  patch: StatePatch | null
  entries: DraftEntry[]
  reply: string | null
  action: 'undo' | 'redo' | null
  force?: boolean
  command?: FightCommand
}

type NarrationPart = { type: 'text'; text: string } | { type: 'final'; narration: NarrationResult }

/**
 * Partial text as it comes, then exactly one `final` part. Changes nothing itself. Throws `TablecastError`:
 * UNKNOWN_COMMAND and BAD_REQUEST say what would be right, NOT_THE_DM for a DM's command, NARRATOR_UNAVAILABLE.
 */
export interface Narrator {
  narrate(request: NarrationRequest, signal?: AbortSignal): AsyncIterable<NarrationPart>
}
