// Withdrawn entries: an undo or a deletion withdraws an entry. Players lose its words; DMs keep them.
import type { NarrativeEntry } from './state.ts'

/**
 * Says that an entry was withdrawn, restored or edited. `entry`: an edited entry; in marks for players also a restored one, because they
 * lost its words. `by`: the name of the person who withdrew it, for DMs. `deleted`: a deletion withdrew it, not an undo; for DMs.
 */
export type WithdrawnMark = {
  id: string
  withdrawn: boolean
  by?: string
  deleted?: boolean
  entry?: NarrativeEntry
}

/** A withdrawn entry as players get it: id, time, audience and the turn. Words, dice, author and kind are removed. */
export const withoutWords = ({ id, at, audience, member, turn }: NarrativeEntry): NarrativeEntry => ({
  id,
  at,
  kind: 'system',
  author: { id: 'withdrawn', name: '', role: 'system' },
  text: '',
  rolls: [],
  audience,
  ...(member ? { member } : {}),
  ...(turn === undefined ? {} : { turn }),
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

/** Only a withdrawn entry has `takenBackBy` and `deleted`. */
export function withMark(
  { takenBackBy: _by, deleted: _deleted, ...entry }: NarrativeEntry,
  { withdrawn, by, deleted = false }: Pick<WithdrawnMark, 'withdrawn' | 'by' | 'deleted'>,
): NarrativeEntry {
  if (!withdrawn) return { ...entry, withdrawn }
  return { ...entry, withdrawn, ...(deleted && { deleted }), ...(by !== undefined && { takenBackBy: by }) }
}
