// What goes out of a change, for each audience: projected first, encoded after, so that no secret is ever in the bytes.
import {
  type Audience,
  type CampaignEventOf,
  type CampaignState,
  diff,
  type DmStatus,
  isForPlayers,
  type NarrativeEntry,
  type Patch,
  playerView,
  type PlayerView,
  SNAPSHOT_ENTRIES,
  type Snapshot,
  stateHash,
} from '@tablecast/contracts'
import type { CampaignRow, StoredEvent, Tables } from '@tablecast/store'
import type { Change } from './change.ts'

export const streamOf = (roomId: string, audience: Audience): string => `room:${roomId}:${audience}`

const audiences: readonly Audience[] = ['dm', 'player']

type View = CampaignState | PlayerView
/** What is known of an event before it has its place in a stream. */
type Body = WithoutPlace<CampaignEventOf<CampaignState> | CampaignEventOf<PlayerView>>
type WithoutPlace<E> = E extends unknown ? Omit<E, 'seq' | 'timestamp'> : never
type Withdrawn = { id: string; audience: NarrativeEntry['audience']; withdrawn: boolean }

export type Update = { campaign: CampaignRow; change: Change; entries: NarrativeEntry[]; withdrawn: Withdrawn[] }

export const viewFor = (state: CampaignState, audience: Audience): View =>
  audience === 'dm' ? state : playerView(state)

const statusFor = (campaign: CampaignRow, audience: Audience): DmStatus | null =>
  audience === 'dm'
    ? { version: campaign.version, canUndo: campaign.undoHead !== null, canRedo: campaign.redoHead !== null }
    : null

export async function snapshotOf(tables: Tables, campaign: CampaignRow, audience: Audience): Promise<Snapshot<View>> {
  const view = viewFor(campaign.state, audience)
  const page = await tables.entries.page(campaign.id, audience, { limit: SNAPSHOT_ENTRIES })
  return { name: campaign.name, view, ...page, hash: stateHash(view), dm: statusFor(campaign, audience) }
}

/** The JSON text of an event at its place. */
export const encodeEvent = (audience: Audience, seq: number, timestamp: string, body: Body): string =>
  JSON.stringify({ ...body, audience, timestamp, seq })

/** Appends the events of one room to its streams and remembers them until the commit. */
export class Emitter {
  readonly events: StoredEvent[] = []
  readonly #tables: Tables
  readonly #roomId: string
  readonly #at: string

  constructor(tables: Tables, roomId: string, at: string) {
    this.#tables = tables
    this.#roomId = roomId
    this.#at = at
  }

  async loaded(campaign: CampaignRow): Promise<void> {
    for (const audience of audiences) {
      const snapshot = await snapshotOf(this.#tables, campaign, audience)
      await this.#append(audience, { type: 'campaign_loaded', campaign_id: campaign.id, snapshot } as Body)
    }
  }

  async deactivated(campaignId: string): Promise<void> {
    for (const audience of audiences)
      await this.#append(audience, { type: 'campaign_deactivated', campaign_id: campaignId })
  }

  /** Players get no event, and so no number, for what isn't theirs to see. */
  async updated(update: Update): Promise<void> {
    const { before, after, patch } = update.change
    await this.#update('dm', update, patch, after)
    const view = playerView(after)
    const visible = diff(playerView(before), view)
    const told = update.entries.some(isForPlayers) || update.withdrawn.some(({ audience }) => audience === 'all')
    if (visible || told) await this.#update('player', update, visible, view)
  }

  #update(audience: Audience, update: Update, patch: Patch<View> | null, view: View): Promise<void> {
    const { campaign, entries, withdrawn } = update
    return this.#append(audience, {
      type: 'campaign_updated',
      campaign_id: campaign.id,
      patch,
      entries: audience === 'dm' ? entries : entries.filter(isForPlayers),
      withdrawn: withdrawn
        .filter((entry) => audience === 'dm' || entry.audience === 'all')
        .map((entry) => ({ id: entry.id, withdrawn: entry.withdrawn })),
      hash: stateHash(view),
      dm: statusFor(campaign, audience),
    })
  }

  async #append(audience: Audience, body: Body): Promise<void> {
    const id = streamOf(this.#roomId, audience)
    const encode = ({ seq }: { seq: number }) => encodeEvent(audience, seq, this.#at, body)
    this.events.push(await this.#tables.streams.append(id, this.#at, encode))
  }

  /** The newest seq of that audience among what was emitted; 0 when nothing was. */
  seqFor(audience: Audience): number {
    const id = streamOf(this.#roomId, audience)
    return this.events.findLast((event) => event.streamId === id)?.seq ?? 0
  }
}
