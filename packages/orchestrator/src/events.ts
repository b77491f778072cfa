// The events of a change for each audience. They are projected first and encoded after, so that no secret is ever in the bytes.
import {
  type Audience,
  type CampaignEvent,
  type CampaignState,
  diff,
  type DmStatus,
  emptyMemberView,
  isForPlayers,
  membersNamed,
  memberView,
  type MemberView,
  type NarrativeEntry,
  type Patch,
  playerView,
  type PlayerView,
  roomStream,
  SNAPSHOT_ENTRIES,
  type Snapshot,
  stateHash,
  type StreamAudience,
  type WhisperEvent,
  type WithdrawnMark,
} from '@tablecast/contracts'
import type { CampaignRow, StoredEvent, Repositories } from '@tablecast/store'
import type { Change } from './change.ts'
import { JournalRows } from './journal-rows.ts'
import { type CampaignNotice, playerInTurn } from './notices.ts'
import { nextRedo, nextUndo } from './steps.ts'

/** The receiver of a stream of a room: an audience, or one member for their own whispers. */
export type Listener = StreamAudience

const audiences: readonly Audience[] = ['dm', 'player']

type View = CampaignState | PlayerView
/** An event without its audience and its position in a stream. */
type Body = WithoutAudience<WithoutPosition<CampaignEvent>>
type WithoutAudience<E> = E extends unknown ? Omit<E, 'audience'> : never
type WithoutPosition<E> = E extends unknown ? Omit<E, 'seq' | 'timestamp'> : never
/** `edited`: the entry with its new words. */
type Withdrawn = {
  id: string
  audience: NarrativeEntry['audience']
  memberId: string | null
  withdrawn: boolean
  by: string
  deleted?: boolean
  edited?: NarrativeEntry
}
type Whispered = Extract<WhisperEvent, { type: 'whispered' }>

/** `rows`: the journal, if this change has read it. `takesBack`: players lose words or state that they had. */
export type Update = {
  campaign: CampaignRow
  change: Change
  rows?: JournalRows
  entries: NarrativeEntry[]
  withdrawn: Withdrawn[]
  takesBack: boolean
}

const viewFor = (state: CampaignState, audience: Audience): View => (audience === 'dm' ? state : playerView(state))

/** Null for players: the steps may hold secrets. */
async function statusFor(
  tables: Repositories,
  campaign: CampaignRow,
  audience: Audience,
  rows = new JournalRows(tables, campaign.id),
): Promise<DmStatus | null> {
  if (audience !== 'dm') return null
  const undo = (await nextUndo(tables, campaign, rows))?.step ?? null
  const redo = (await nextRedo(tables, campaign, rows))?.step ?? null
  return {
    version: campaign.version,
    canUndo: campaign.undoHead !== null,
    canRedo: campaign.redoHead !== null,
    undo,
    redo,
  }
}

export async function snapshotOf(
  tables: Repositories,
  campaign: CampaignRow,
  audience: Audience,
): Promise<Snapshot<View>> {
  const view = viewFor(campaign.state, audience)
  const page = await tables.entries.page(campaign.id, audience, { limit: SNAPSHOT_ENTRIES })
  return { name: campaign.name, view, ...page, hash: stateHash(view), dm: await statusFor(tables, campaign, audience) }
}

/** The JSON text of an event at its position. */
export const encodeEvent = (audience: Audience, seq: number, timestamp: string, body: Body): string =>
  JSON.stringify({ ...body, audience, timestamp, seq })

/** The same of one member's whispers. */
export const encodeWhisper = (seq: number, timestamp: string, body: WithoutPosition<WhisperEvent>): string =>
  JSON.stringify({ ...body, timestamp, seq })

/** Pages of older versions read these lists of every event for a member. */
const noWhispers = { entries: [], withdrawn: [] } satisfies { entries: never[]; withdrawn: never[] }

type EmitterRoom = { id: string; access: number; activeCampaignId: string | null }

const markOf = ({ id, withdrawn }: Withdrawn, whole: readonly NarrativeEntry[]): WithdrawnMark => {
  const entry = whole.find((one) => one.id === id)
  return { id, withdrawn, ...(entry ? { entry } : {}) }
}

/** DMs never lost the words of a restored entry. */
const markForDm = ({ id, withdrawn, by, deleted, edited }: Withdrawn): WithdrawnMark => ({
  id,
  withdrawn,
  ...(withdrawn && { by }),
  ...(deleted && { deleted }),
  ...(edited && { entry: edited }),
})

/** Appends the events of one room to its streams and remembers them until the commit. */
export class Emitter {
  readonly events: StoredEvent[] = []
  /** Notices for devices, which go out after the commit. */
  readonly notices: CampaignNotice[] = []
  /** Streams whose events were deleted, without a new event that carries the floor. */
  readonly forgotten: string[] = []
  /** The floors of streams whose events were deleted, by stream id. */
  readonly #floors = new Map<string, number>()
  readonly #tables: Repositories
  readonly #room: EmitterRoom
  readonly #at: string

  /** `room`: as it is under its lock. */
  constructor(tables: Repositories, room: EmitterRoom, at: string) {
    this.#tables = tables
    this.#room = room
    this.#at = at
  }

  /** `opens`: the campaign was not the active one before. */
  async loaded(campaign: CampaignRow, { opens }: { opens: boolean }): Promise<void> {
    for (const audience of audiences) {
      const snapshot = await snapshotOf(this.#tables, campaign, audience)
      await this.#appendTo(audience, { type: 'campaign_loaded', campaign_id: campaign.id, snapshot } as Body)
    }
    if (!opens) return
    this.notices.push({ kind: 'opens', roomId: this.#room.id, campaignId: campaign.id })
    for (const memberId of await this.#players(membersNamed([campaign.state])))
      await this.#loadMember(campaign, memberId, memberView(campaign.state, memberId))
  }

  /** To members whose role has changed, their own view as it is now. */
  async memberViewsAgain(campaign: CampaignRow, memberIds: readonly string[]): Promise<void> {
    const named = membersNamed([campaign.state])
    const members = memberIds.filter((id) => named.has(id))
    const players = await this.#players(members)
    for (const memberId of members)
      await this.#loadMember(
        campaign,
        memberId,
        players.has(memberId) ? memberView(campaign.state, memberId) : emptyMemberView,
      )
  }

  async #loadMember({ id }: CampaignRow, memberId: string, view: MemberView): Promise<void> {
    const body = { type: 'member_loaded' as const, campaign_id: id, view, hash: stateHash(view) }
    await this.#appendToMember(memberId, { ...body, ...noWhispers })
  }

  /** Those who are players now. An owner of a character may have left the room, or watch. */
  async #players(memberIds: Iterable<string>): Promise<ReadonlySet<string>> {
    const ids = [...memberIds]
    const members = ids.length === 0 ? [] : await this.#tables.rooms.memberships(this.#room.id, ids)
    return new Set(members.flatMap(({ userId, role }) => (role === 'player' ? [userId] : [])))
  }

  async deactivated(campaignId: string): Promise<void> {
    for (const audience of audiences)
      await this.#appendTo(audience, { type: 'campaign_deactivated', campaign_id: campaignId })
  }

  /** Players get no event, and so no number, for what isn't theirs to see, or for a campaign that is not open. */
  async updated(update: Update): Promise<void> {
    const { before, after, patch } = update.change
    await this.#update('dm', update, patch, { before, after })
    const shown = playerView(before)
    const view = playerView(after, before)
    const visible = diff(shown, view)
    const hasEntries = update.entries.some(isForPlayers) || update.withdrawn.some(({ audience }) => audience === 'all')
    const isOpen = update.campaign.id === this.#room.activeCampaignId
    if (visible || hasEntries) {
      if (update.takesBack) await this.#forget('player')
      if (isOpen) await this.#update('player', update, visible, { before: shown, after: view })
      else if (update.takesBack) this.forgotten.push(roomStream(this.#room.id, 'player'))
    }
    await this.#whispered(update)
    await this.#memberViews(update, isOpen)
    // An undo is no news: its player got a notice when the turn came first.
    if (isOpen && !update.takesBack) this.#noticeTurn(update)
  }

  #noticeTurn({ campaign, change: { before, after } }: Update): void {
    if (before.turn === after.turn && before.characters === after.characters) return
    const is = playerInTurn(after)
    const was = is && playerInTurn(before)
    if (!is || (was?.userId === is.userId && was.characterId === is.characterId)) return
    this.notices.push({ kind: 'turn', roomId: this.#room.id, campaignId: campaign.id, ...is })
  }

  /** To each player whose own view changed. Costs nothing where no handout, character or request did. */
  async #memberViews({ campaign, change: { before, after }, takesBack }: Update, isOpen: boolean): Promise<void> {
    const isSame =
      before.handouts === after.handouts &&
      before.pictures === after.pictures &&
      before.presented === after.presented &&
      before.characters === after.characters &&
      before.requests === after.requests
    if (isSame) return
    const changed = [...membersNamed([before, after])].filter((id) =>
      diff(memberView(before, id), memberView(after, id)),
    )
    const players = await this.#players(changed)
    for (const memberId of changed) {
      const viewOf = (state: CampaignState) => {
        const view = memberView(state, memberId)
        return players.has(memberId) ? view : { ...view, sheets: [], requests: [] }
      }
      const view = viewOf(after)
      const patch = diff(viewOf(before), view)
      if (!patch) continue
      if (takesBack) await this.#forget({ memberId })
      const body = { type: 'member_updated' as const, campaign_id: campaign.id, patch, hash: stateHash(view) }
      if (isOpen) await this.#appendToMember(memberId, { ...body, ...noWhispers })
      else if (takesBack) this.forgotten.push(roomStream(this.#room.id, { memberId }))
    }
  }

  /**
   * Deletes the events of a stream before an undo. A client that was disconnected while something was said and undone
   * would read it in them; it gets a snapshot instead.
   */
  async #forget(listener: Listener): Promise<void> {
    const streamId = roomStream(this.#room.id, listener)
    // A second time would delete the events of this change.
    if (this.#floors.has(streamId)) return
    const { id, floor } = await this.#tables.streams.clear(streamId)
    this.#floors.set(id, floor)
  }

  /** To each member what is between them and the DMs. */
  async #whispered({ campaign, entries, withdrawn, takesBack }: Update): Promise<void> {
    const whole = await this.#restored(campaign, withdrawn)
    const byMember = new Map<string, Pick<Whispered, 'entries' | 'withdrawn'>>()
    const of = (memberId: string) => {
      const known = byMember.get(memberId) ?? { entries: [], withdrawn: [] }
      byMember.set(memberId, known)
      return known
    }
    for (const entry of entries)
      if (entry.audience === 'member' && entry.member) of(entry.member.id).entries.push(entry)
    for (const entry of withdrawn) if (entry.memberId !== null) of(entry.memberId).withdrawn.push(markOf(entry, whole))
    for (const [memberId, news] of byMember) {
      if (takesBack) await this.#forget({ memberId })
      await this.#appendToMember(memberId, { type: 'whispered', campaign_id: campaign.id, ...news })
    }
  }

  #appendToMember(memberId: string, body: WithoutPosition<WhisperEvent>): Promise<void> {
    return this.#append({ memberId }, (seq) => encodeWhisper(seq, this.#at, body))
  }

  async #update(
    audience: Audience,
    update: Update,
    patch: Patch<View> | null,
    views: { before: View; after: View },
  ): Promise<void> {
    const { campaign, rows, entries, withdrawn } = update
    const whole = audience === 'dm' ? [] : await this.#restored(campaign, withdrawn)
    return this.#appendTo(audience, {
      type: 'campaign_updated',
      campaign_id: campaign.id,
      patch,
      entries: audience === 'dm' ? entries : entries.filter(isForPlayers),
      withdrawn: withdrawn
        .filter((entry) => audience === 'dm' || entry.audience === 'all')
        .map((entry) => (audience === 'dm' ? markForDm(entry) : markOf(entry, whole))),
      hash: stateHash(views.after, views.before),
      dm: await statusFor(this.#tables, campaign, audience, rows),
    } as Body)
  }

  /** The restored and edited entries. Players lost their words, or never had them. */
  #restored({ id }: CampaignRow, withdrawn: readonly Withdrawn[]): Promise<NarrativeEntry[]> {
    const ids = withdrawn.filter((entry) => !entry.withdrawn).map((entry) => entry.id)
    return this.#tables.entries.find(id, ids)
  }

  #appendTo(audience: Audience, body: Body): Promise<void> {
    return this.#append(audience, (seq) => encodeEvent(audience, seq, this.#at, body))
  }

  async #append(listener: Listener, encode: (seq: number) => string): Promise<void> {
    const { id, access } = this.#room
    const stored = await this.#tables.streams.append(roomStream(id, listener), this.#at, ({ seq }) => encode(seq))
    const floor = this.#floors.get(stored.streamId)
    this.events.push({ ...stored, access, ...(floor === undefined ? {} : { floor }) })
  }

  /** The newest seq for that listener among what was emitted; 0 when nothing was. */
  seqFor(listener: Listener): number {
    const id = roomStream(this.#room.id, listener)
    return this.events.findLast((event) => event.streamId === id)?.seq ?? 0
  }
}
