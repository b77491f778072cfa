import type { NarratorTurn } from '@tablecast/contracts'

/** Hears of each turn while it lives. Players may get what `turnForPlayers` leaves of it. */
export interface TurnBroadcaster {
  /** Null: the room has no turn any more. */
  turn(roomId: string, turn: NarratorTurn | null): void
  /** More text of the turn. `at`: how many characters of the turn came before it. */
  text(roomId: string, turn: NarratorTurn, at: number, text: string): void
  /** Asks the node that writes that turn to stop. */
  stop(roomId: string, turnId: string): void
}
