// The log of a fight has one line a turn, however many entries the turn wrote.
import type { NarrativeEntry } from './state.ts'

type InTurn = Pick<NarrativeEntry, 'turn'>

/**
 * The entries in their order: those of one turn that follow each other together, each other one alone. The log itself stays a list of
 * entries, so that an event never grows with the turn, and an undo takes its own words back.
 */
export function turnLines<E extends InTurn>(entries: readonly E[]): E[][] {
  const lines: E[][] = []
  for (const entry of entries) {
    const last = lines.at(-1)
    if (last && entry.turn !== undefined && last[0]?.turn === entry.turn) last.push(entry)
    else lines.push([entry])
  }
  return lines
}
