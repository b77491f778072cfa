// The one interface of everything that turns a chat message into story and state.
import type { CampaignState, NarrativeEntry, StatePatch } from '@tablecast/contracts'
import type { RollDice } from '@tablecast/rules'
import type { Command } from '@tablecast/rules/commands'

export type Actor = { id: string; name: string; role: 'dm' | 'player' | 'system' }

/** `roll`: throws the dice of the message. */
export type NarrationRequest = { message: string; actor: Actor; state: CampaignState; roll: RollDice }

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
