// Entries that an undo took back: what players keep of them, and how a client follows the marks.
import type { NarrativeEntry } from './state.ts'

/**
 * An entry taken back by an undo, or given back by a redo. `entry`: the whole of it, in what goes to players when it is given
 * back, since its words were taken from them.
 */
export type WithdrawnMark = { id: string; withdrawn: boolean; entry?: NarrativeEntry }

/** What players get of an entry that was taken back: that there was one, and when. No words, no dice, no author, no kind. */
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

/** Any entry as players may have it. */
export const entryForPlayers = (entry: NarrativeEntry): NarrativeEntry =>
  entry.withdrawn ? withoutWords(entry) : entry

/** The entries after the marks. A DM keeps the words of what was taken back; players forget them. */
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
    const now = { ...(mark.entry ?? entry), withdrawn: mark.withdrawn }
    return audience === 'player' ? entryForPlayers(now) : now
  })
}
