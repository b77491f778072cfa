// The whispers between this player and the DMs. Pure: the same events give the same whispers.
import { markEntries, type NarrativeEntry, type WhisperEvent, type WithdrawnMark } from '@tablecast/contracts'
import { marksOfOthers } from './room-state.ts'

export type Whispers = {
  /** The position of the newest event; the stream goes on after it. */
  id: string
  campaignId: string | null
  entries: NarrativeEntry[]
  /** There are older whispers than these. */
  more: boolean
  /** Marks of older whispers that are not loaded. */
  marks: readonly WithdrawnMark[]
}

const MAX_ENTRIES = 1_000

export function foldWhispers(whispers: Whispers | null, id: string, event: WhisperEvent): Whispers {
  const { campaign_id: campaignId } = event
  if (event.type === 'whispers_active') return { id, campaignId, entries: event.entries, more: event.more, marks: [] }
  // Another campaign's whispers are loaded when it opens.
  if (!whispers || whispers.campaignId !== campaignId) return { ...(whispers ?? none(campaignId)), id }
  const known = markEntries(whispers.entries, event.withdrawn, 'player')
  const entries = [...known, ...event.entries].slice(-MAX_ENTRIES)
  return { ...whispers, id, entries, marks: marksOfOthers(whispers, event.withdrawn) }
}

const none = (campaignId: string | null): Omit<Whispers, 'id'> => ({ campaignId, entries: [], more: false, marks: [] })

/** Puts a page of older whispers before the known ones. Without known ones of that campaign, the page is its newest. */
export function withPage(
  whispers: Whispers | null,
  campaignId: string,
  page: { entries: NarrativeEntry[]; more: boolean },
): Whispers {
  const { entries: known, marks } = whispers?.campaignId === campaignId ? whispers : none(campaignId)
  const ids = new Set(known.map(({ id }) => id))
  const older = page.entries.filter(({ id }) => !ids.has(id))
  const entries = [...markEntries(older, marks, 'player'), ...known]
  return { id: whispers?.id ?? '', campaignId, entries, more: page.more, marks }
}

/** The story with the whispers where they were heard. Both come in order; the server stamped them. */
export function withWhispers(
  story: readonly NarrativeEntry[],
  whispers: Whispers | null,
  campaignId: string,
): NarrativeEntry[] {
  if (whispers?.campaignId !== campaignId || whispers.entries.length === 0) return [...story]
  const merged: NarrativeEntry[] = []
  const first = story[0]?.at ?? ''
  // Whispers from before the oldest page that is shown come with an older page.
  let place = whispers.entries.findIndex(({ at }) => at >= first)
  if (place < 0) return [...story]
  for (const entry of story) {
    for (; place < whispers.entries.length; place++) {
      const whisper = whispers.entries[place]
      if (!whisper || whisper.at > entry.at) break
      merged.push(whisper)
    }
    merged.push(entry)
  }
  return [...merged, ...whispers.entries.slice(place)]
}
