import type { NarratingEvent, NarratorTurn, TurnForPlayers } from '@tablecast/contracts'

type Turn = NarratorTurn | TurnForPlayers | null

/** The narrator's turn after one more event. A piece that does not follow the known text changes nothing: the whole text comes again. */
export function foldNarrating(turn: Turn, event: NarratingEvent): Turn {
  if (event.type === 'campaign_narrating') return event.turn
  if (turn?.id !== event.id || turn.text === null || turn.text.length !== event.at) return turn
  return { ...turn, text: turn.text + event.text }
}

/** A DM's turn has more fields than a player's. */
export const isDmTurn = (turn: Turn): turn is NarratorTurn => turn !== null && 'message' in turn
