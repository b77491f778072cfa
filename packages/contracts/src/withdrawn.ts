// An undo withdraws an entry, and a redo restores it. Players lose the text of a withdrawn entry; DMs keep it.
import type { NarrativeEntry } from './state.ts'

/**
 * Says that an undo withdrew an entry, or that a redo restored it. `entry`: the restored entry, for players, whose page
 * no longer has its text. `by`: the name of the person who withdrew it, for DMs.
 */
export type WithdrawnMark = { id: string; withdrawn: boolean; by?: string; entry?: NarrativeEntry }

/** A withdrawn entry as players get it: id, time and audience. Words, dice, author and kind are removed. */
export const withoutWords = ({ id, at, audience, member }: NarrativeEntry): NarrativeEntry => ({
  id,
  at,
  kind: 'system',
  author: { id: 'withdrawn', name: '', role: 'system' },
  text: '',
  rolls: [],
  audience,
  ...(member ? { member } : {}),
  withdrawn: true,
})

/** An entry as players may get it. */
export const entryForPlayers = (entry: NarrativeEntry): NarrativeEntry =>
  entry.withdrawn ? withoutWords(entry) : entry

/** Applies the marks to the entries. A DM keeps the words of a withdrawn entry; players lose them. */
export function markEntries(
  entries: readonly NarrativeEntry[],
  marks: readonly WithdrawnMark[],
  audience: 'dm' | 'player',
): NarrativeEntry[] {
  if (marks.length === 0) return [...entries]
  const marked = new Map(marks.map((mark) => [mark.id, mark]))
  return entries.map((entry) => {
    const mark = marked.get(entry.id)
    if (!mark) return entry
    const now = withMark(mark.entry ?? entry, mark)
    return audience === 'player' ? entryForPlayers(now) : now
  })
}

/** Only a withdrawn entry has `takenBackBy`. */
export function withMark(
  { takenBackBy: _before, ...entry }: NarrativeEntry,
  { withdrawn, by }: Pick<WithdrawnMark, 'withdrawn' | 'by'>,
): NarrativeEntry {
  return { ...entry, withdrawn, ...(withdrawn && by !== undefined ? { takenBackBy: by } : {}) }
}
