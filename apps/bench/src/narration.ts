import type { NarrativeEntry } from '@tablecast/contracts'

/** A story of this length for a campaign that is measured. */
export const narration = (length: number, author: NarrativeEntry['author'], at: string): NarrativeEntry[] =>
  Array.from({ length }, (_one, index) => ({
    id: `e${index}`,
    at,
    kind: 'narration',
    author,
    text: `Entry ${index}. `.repeat(20),
    rolls: [],
    audience: 'all',
    withdrawn: false,
  }))
