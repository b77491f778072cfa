import type { NarrativeEntry } from '@tablecast/contracts'

/** The words of an entry that a text was made from. */
export type Source = Pick<NarrativeEntry, 'id' | 'text'>

/** True while no source of a text was withdrawn, edited or removed. `now`: the same entries as they are stored. */
export function areUnchanged(sources: readonly Source[], now: readonly NarrativeEntry[]): boolean {
  const known = new Map(now.map((entry) => [entry.id, entry]))
  return sources.every(({ id, text }) => {
    const entry = known.get(id)
    return entry?.withdrawn === false && entry.text === text
  })
}
