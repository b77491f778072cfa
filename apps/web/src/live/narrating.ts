import type { NarratingEvent, NarratorTurn, TurnForPlayers } from '@tablecast/contracts'

type Turn = NarratorTurn | TurnForPlayers | null

/** What is being written, after one more event. Pieces that do not follow what is known change nothing: the whole comes again. */
export function foldNarrating(turn: Turn, event: NarratingEvent): Turn {
  if (event.type === 'campaign_narrating') return event.turn
  if (turn?.id !== event.id || turn.text === null || turn.text.length !== event.at) return turn
  return { ...turn, text: turn.text + event.text }
}

/** A DM is told more of it than players are. */
export const isDmTurn = (turn: Turn): turn is NarratorTurn => turn !== null && 'message' in turn
