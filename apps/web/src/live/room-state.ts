// The state of a room, folded from its events. Pure: the same events give the same state on every client.
import {
  applyPatch,
  markEntries,
  type CampaignEvent,
  type CampaignState,
  type DmSnapshot,
  type DmStatus,
  type NarrativeEntry,
  parsePosition,
  type PlayerSnapshot,
  type PlayerView,
  type Position,
  stateHash,
  type WithdrawnMark,
} from '@tablecast/contracts'

type Campaign<View> = {
  id: string
  name: string
  view: View
  entries: NarrativeEntry[]
  /** There are older entries than these. */
  more: boolean
  hash: string
  /** The seq of the snapshot that this state began with. */
  since: number
  /** Entries that were withdrawn since then. */
  takenBack: number
  /** Marks of older entries that are not loaded. A page that was requested before an undo may bring their words. */
  marks: readonly WithdrawnMark[]
}

/** `isTrue` is false when the view differs from the server's. Only a snapshot mends that. */
export type RoomState = { position: Position; isTrue: boolean } & (
  | { audience: 'dm'; campaign: Campaign<CampaignState> | null; dm: DmStatus | null }
  | { audience: 'player'; campaign: Campaign<PlayerView> | null; dm: null }
)

/** Older entries than these are dropped. Scrolling up loads them again. */
const MAX_ENTRIES = 2_000
const MAX_MARKS = 2_000

/** `id` is the tracked position. An event that was folded before changes nothing. */
export function foldEvent(room: RoomState | null, id: string, event: CampaignEvent): RoomState | null {
  const position = parsePosition(id)
  if (!position) return room
  const isSnapshot =
    event.type === 'campaign_active' || (event.type === 'campaign_deactivated' && event.campaign_id === null)
  if (room && !isSnapshot && position.epoch === room.position.epoch && position.seq <= room.position.seq) return room
  switch (event.type) {
    case 'campaign_active':
    case 'campaign_loaded':
      return fromSnapshot(position, event.audience, event.campaign_id, event.snapshot)
    case 'campaign_deactivated':
      return { position, isTrue: true, audience: event.audience, campaign: null, dm: null }
    case 'campaign_updated':
      return room ? updated(room, position, event) : room
  }
}

function fromSnapshot(
  position: Position,
  audience: 'dm' | 'player',
  id: string,
  { name, view, entries, more, hash, dm }: DmSnapshot | PlayerSnapshot,
): RoomState {
  const campaign = { id, name, view, entries, more, hash, since: position.seq, takenBack: 0, marks: [] }
  // The audience of an event says which of the two views it holds.
  return { position, isTrue: stateHash(view) === hash, audience, campaign, dm } as RoomState
}

function updated(
  room: RoomState,
  position: Position,
  event: Extract<CampaignEvent, { type: 'campaign_updated' }>,
): RoomState {
  const { campaign } = room
  if (campaign?.id !== event.campaign_id) return { ...room, position, isTrue: false }
  const view = event.patch ? applyPatch<object>(campaign.view, event.patch) : campaign.view
  const hash = event.patch ? stateHash(view) : campaign.hash
  const entries = [...markEntries(campaign.entries, event.withdrawn, room.audience), ...event.entries]
  const kept = entries.length > MAX_ENTRIES ? entries.slice(-MAX_ENTRIES) : entries
  return {
    ...room,
    position,
    isTrue: hash === event.hash,
    campaign: {
      ...campaign,
      view,
      hash,
      entries: kept,
      more: campaign.more || kept.length < entries.length,
      takenBack: campaign.takenBack + event.withdrawn.filter(({ withdrawn }) => withdrawn).length,
      marks: marksOfOthers(campaign, event.withdrawn),
    },
    dm: event.dm ?? room.dm,
  } as RoomState
}

/** Adds the marks of entries that are not loaded; a newer mark replaces an older one. */
export function marksOfOthers(
  { entries, marks }: { entries: readonly NarrativeEntry[]; marks: readonly WithdrawnMark[] },
  newer: readonly WithdrawnMark[],
): readonly WithdrawnMark[] {
  if (newer.length === 0) return marks
  const known = new Set(entries.map(({ id }) => id))
  const others = newer.filter(({ id }) => !known.has(id))
  const replaced = new Set(others.map(({ id }) => id))
  return [...marks.filter(({ id }) => !replaced.has(id)), ...others].slice(-MAX_MARKS)
}

/** Puts an older page before the entries. */
export function prependPage(
  room: RoomState,
  campaignId: string,
  page: { entries: NarrativeEntry[]; more: boolean },
): RoomState {
  const { campaign } = room
  if (campaign?.id !== campaignId) return room
  const known = new Set(campaign.entries.map(({ id }) => id))
  const unknown = page.entries.filter(({ id }) => !known.has(id))
  const older = markEntries(unknown, campaign.marks, room.audience)
  return { ...room, campaign: { ...campaign, entries: [...older, ...campaign.entries], more: page.more } } as RoomState
}
