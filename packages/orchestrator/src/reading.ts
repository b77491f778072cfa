// The reads of a client: a snapshot, or the events that it missed.
import { type Audience, type HistoryPage, type Position, roomStream, TablecastError } from '@tablecast/contracts'
import type { CampaignRow, StoredEvent, Store, Repositories } from '@tablecast/store'
import { encodeEvent, type Listener, snapshotOf } from './events.ts'

/**
 * The events after a position in a stream, or one snapshot in their stead. `access`: the room's count of changes, at that moment.
 * `floor`: the stream has lost the events up to this seq.
 */
export type StreamAnswer = { epoch: string; access: number; floor: number } & (
  | { kind: 'events'; events: StoredEvent[] }
  | { kind: 'snapshot'; seq: number; text: string }
)

/** The most events of one read. A client that misses more asks again. */
export const PAGE = 500

/** False for a position that the log doesn't hold: unknown, in the future, pruned, of another epoch, or none. */
export const isInLog = (
  position: Position | null,
  { epoch, head, floor }: { epoch: string; head: number; floor: number },
): position is Position =>
  position !== null && position.epoch === epoch && position.seq >= floor && position.seq <= head

/**
 * A position that the log doesn't hold is answered by a snapshot. State and head are read in one transaction, so the snapshot stands
 * for exactly the events up to its seq. For the streams of members see `MemberStreams`.
 */
export function readStream(
  store: Store,
  roomId: string,
  audience: Audience,
  position: Position | null,
  at: string,
): Promise<StreamAnswer> {
  const id = roomStream(roomId, audience)
  return store.read(async (tables) => {
    const stream = await tables.streams.open(id)
    const { epoch, head, floor } = stream
    const room = await tables.rooms.get(roomId)
    const access = room?.access ?? 0
    if (isInLog(position, stream))
      return { kind: 'events', epoch, access, floor, events: await tables.streams.since(id, position.seq, PAGE) }
    const campaign = room?.activeCampaignId ? await tables.campaigns.get(room.activeCampaignId) : null
    const text = await campaignSnapshot(tables, campaign, audience, head, at)
    return { kind: 'snapshot', epoch, access, floor, seq: head, text }
  })
}

async function campaignSnapshot(
  tables: Repositories,
  campaign: CampaignRow | null,
  audience: Audience,
  head: number,
  at: string,
): Promise<string> {
  if (!campaign) return encodeEvent(audience, head, at, { type: 'campaign_deactivated', campaign_id: null })
  return encodeEvent(audience, head, at, {
    type: 'campaign_active',
    campaign_id: campaign.id,
    snapshot: await snapshotOf(tables, campaign, audience),
  } as Parameters<typeof encodeEvent>[3])
}

/** Players read the history of the campaign that is active, and of no other. */
export function readHistory(
  store: Store,
  request: { roomId: string; campaignId: string; listener: Listener; before: string | null; limit: number },
): Promise<HistoryPage> {
  return store.read(async (tables) => {
    const room = await tables.rooms.get(request.roomId)
    const isOpen = request.listener === 'dm' || room?.activeCampaignId === request.campaignId
    if (!isOpen) throw campaignNotFound()
    await campaignIn(tables, request.roomId, request.campaignId)
    return tables.entries.page(request.campaignId, request.listener, {
      before: request.before ?? undefined,
      limit: request.limit,
    })
  })
}

/** Throws CAMPAIGN_NOT_FOUND; another room's campaign is answered exactly as one that doesn't exist. */
export async function campaignIn(tables: Repositories, roomId: string, campaignId: string): Promise<CampaignRow> {
  const campaign = await tables.campaigns.get(campaignId)
  if (campaign?.roomId !== roomId) throw campaignNotFound()
  return campaign
}

/** Throws NO_ACTIVE_CAMPAIGN. */
export async function activeCampaign(
  tables: Repositories,
  room: { activeCampaignId: string | null } | null,
): Promise<CampaignRow> {
  const campaign = room?.activeCampaignId ? await tables.campaigns.get(room.activeCampaignId) : null
  if (!campaign) throw new TablecastError('NO_ACTIVE_CAMPAIGN', 'No campaign is active: the DM activates one first.')
  return campaign
}

export const campaignNotFound = () =>
  new TablecastError('CAMPAIGN_NOT_FOUND', 'There is no such campaign at this table. Choose another.')
