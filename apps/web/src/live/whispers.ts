// What is between this player and the DMs. Pure: the same events give the same whispers.
import { markEntries, type NarrativeEntry, type WhisperEvent, type WithdrawnMark } from '@tablecast/contracts'
import { marksOfOthers } from './room-state.ts'

export type Whispers = {
  /** The position of the newest event, to go on after. */
  id: string
  campaignId: string | null
  entries: NarrativeEntry[]
  /** There are older ones than these. */
  more: boolean
  /** Marks of older whispers that are not loaded. */
  marks: readonly WithdrawnMark[]
}

const MAX_ENTRIES = 1_000

export function foldWhispers(whispers: Whispers | null, id: string, event: WhisperEvent): Whispers {
  const { campaign_id: campaignId } = event
  if (event.type === 'whispers_active') return { id, campaignId, entries: event.entries, more: event.more, marks: [] }
  // Of another campaign than the one that is shown: that one is asked for when it opens.
  if (!whispers || whispers.campaignId !== campaignId) return { ...(whispers ?? none(campaignId)), id }
  const known = markEntries(whispers.entries, event.withdrawn, 'player')
  const entries = [...known, ...event.entries].slice(-MAX_ENTRIES)
  return { ...whispers, id, entries, marks: marksOfOthers(whispers, event.withdrawn) }
}

const none = (campaignId: string | null): Omit<Whispers, 'id'> => ({ campaignId, entries: [], more: false, marks: [] })

/** A page of older ones before those that are known; with none known of that campaign, its newest. */
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
  // What was whispered before the oldest page that is shown comes with the page before.
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
