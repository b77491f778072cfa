// The log of a fight has one line a turn, however many entries the turn wrote.
import type { NarrativeEntry } from './state.ts'

type Told = Pick<NarrativeEntry, 'audience' | 'at' | 'rolls' | 'withdrawn' | 'hasPlayersForm'>
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

/**
 * The entries with one form of each line: the form for players is left out beside the line for DMs, which gets its dice. An entry that a
 * DM took back by itself stays.
 */
export function inOneForm<E extends Told>(entries: readonly E[]): E[] {
  const lines: E[] = []
  let awaitsForm = false
  for (const entry of entries) {
    const last = lines.at(-1)
    if (awaitsForm && last && isFormOf(entry, last)) {
      lines[lines.length - 1] = { ...last, rolls: [...last.rolls, ...entry.rolls] }
      awaitsForm = false
      continue
    }
    lines.push(entry)
    awaitsForm = entry.hasPlayersForm === true
  }
  return lines
}

const isFormOf = ({ audience, at, withdrawn }: Told, line: Told): boolean =>
  audience === 'all' && at === line.at && withdrawn === line.withdrawn
