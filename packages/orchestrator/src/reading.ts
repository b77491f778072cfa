// What a client reads: a snapshot, or what it missed.
import { type Audience, type HistoryPage, type Position, TablecastError } from '@tablecast/contracts'
import type { CampaignRow, StoredEvent, Store, Tables } from '@tablecast/store'
import { encodeEvent, snapshotOf, streamOf } from './events.ts'

/** The events after a place in a stream, or one snapshot in their stead. */
export type StreamAnswer =
  | { kind: 'events'; epoch: string; events: StoredEvent[] }
  | { kind: 'snapshot'; epoch: string; seq: number; text: string }

/** So many events come in one read; who misses more asks again. */
const PAGE = 500

/**
 * A place that the log doesn't hold (unknown, in the future, pruned, of another epoch, or none) is answered by a snapshot.
 * State and head are read in one transaction, so the snapshot stands for exactly the events up to its seq.
 */
export function readStream(
  store: Store,
  roomId: string,
  audience: Audience,
  position: Position | null,
  at: string,
): Promise<StreamAnswer> {
  const id = streamOf(roomId, audience)
  return store.read(async (tables) => {
    const { epoch, head, floor } = await tables.streams.open(id)
    if (position && position.epoch === epoch && position.seq >= floor && position.seq <= head)
      return { kind: 'events', epoch, events: await tables.streams.since(id, position.seq, PAGE) }
    const room = await tables.rooms.get(roomId)
    const campaign = room?.activeCampaignId ? await tables.campaigns.get(room.activeCampaignId) : null
    const text = campaign
      ? encodeEvent(audience, head, at, {
          type: 'campaign_active',
          campaign_id: campaign.id,
          snapshot: await snapshotOf(tables, campaign, audience),
        } as Parameters<typeof encodeEvent>[3])
      : encodeEvent(audience, head, at, { type: 'campaign_deactivated', campaign_id: null })
    return { kind: 'snapshot', epoch, seq: head, text }
  })
}

/** Players read the history of the campaign that is active, and of no other. */
export function readHistory(
  store: Store,
  asked: { roomId: string; campaignId: string; audience: Audience; before: string | null; limit: number },
): Promise<HistoryPage> {
  return store.read(async (tables) => {
    const room = await tables.rooms.get(asked.roomId)
    const isOpen = asked.audience === 'dm' || room?.activeCampaignId === asked.campaignId
    if (!isOpen) throw campaignNotFound()
    await campaignIn(tables, asked.roomId, asked.campaignId)
    return tables.entries.page(asked.campaignId, asked.audience, {
      before: asked.before ?? undefined,
      limit: asked.limit,
    })
  })
}

/** Throws CAMPAIGN_NOT_FOUND; another room's campaign is answered exactly as one that doesn't exist. */
export async function campaignIn(tables: Tables, roomId: string, campaignId: string): Promise<CampaignRow> {
  const campaign = await tables.campaigns.get(campaignId)
  if (campaign?.roomId !== roomId) throw campaignNotFound()
  return campaign
}

/** Throws NO_ACTIVE_CAMPAIGN. */
export async function activeCampaign(
  tables: Tables,
  room: { activeCampaignId: string | null } | null,
): Promise<CampaignRow> {
  const campaign = room?.activeCampaignId ? await tables.campaigns.get(room.activeCampaignId) : null
  if (!campaign) throw new TablecastError('NO_ACTIVE_CAMPAIGN', 'no campaign is active: the DM activates one first')
  return campaign
}

const campaignNotFound = () => new TablecastError('CAMPAIGN_NOT_FOUND', 'there is no such campaign in this room')
