import {
  type Ack,
  type Audience,
  type CampaignDocument,
  type CampaignExport,
  type CampaignState,
  type CampaignSummary,
  emptyState,
  type HistoryPage,
  type NarrativeEntry,
  type OwnCharacterFields,
  type Position,
  type SayAnswer,
  SNAPSHOT_ENTRIES,
  type StatePatch,
  TablecastError,
} from '@tablecast/contracts'
import type { Actor, DraftEntry, Narration, Narrator } from '@tablecast/narrator'
import type { CampaignRow, RoomRow, Store, Tables } from '@tablecast/store'
import { answerOnce } from './answer-once.ts'
import type { CampaignBroadcaster } from './broadcaster.ts'
import { changeState, conflicts } from './change.ts'
import { checkDocument, exportCampaign, type ExportChoice } from './document.ts'
import { Emitter, type Listener, streamOf } from './events.ts'
import { changeOwn } from './own-character.ts'
import { activeCampaign, campaignIn, readHistory, readStream, type StreamAnswer } from './reading.ts'
import { RoomQueue } from './room-queue.ts'

export { type Listener, streamOf }

export type OrchestratorParts = {
  store: Store
  narrator: Narrator
  broadcaster: CampaignBroadcaster
  clock?: () => Date
  newId?: () => string
}

type Asked = { roomId: string; actor: Actor; key: string }
type Work = { tables: Tables; room: RoomRow; emitter: Emitter; at: string }

/** Edits that far behind are not compared change by change. */
const MAX_BEHIND = 200
/** So often a message is narrated anew because another node changed the campaign meanwhile. */
const TRIES = 3

/**
 * Everything that may happen to a campaign. Each change is one transaction: state, journal, entries, the events of each
 * audience and the answer to the idempotency key. It is acknowledged after the commit; the injected broadcaster is told then.
 *
 * Knows nothing of sockets, and keeps nothing of a campaign in memory: a restart restores itself.
 */
export class Orchestrator {
  readonly #store: Store
  readonly #narrator: Narrator
  readonly #broadcaster: CampaignBroadcaster
  readonly #clock: () => Date
  readonly #newId: () => string
  readonly #rooms = new RoomQueue()
  readonly #opened = new Set<string>()

  constructor({
    store,
    narrator,
    broadcaster,
    clock = () => new Date(),
    newId = () => crypto.randomUUID(),
  }: OrchestratorParts) {
    this.#store = store
    this.#narrator = narrator
    this.#broadcaster = broadcaster
    this.#clock = clock
    this.#newId = newId
  }

  /** Switching tells of the old campaign's end first. The active one again is a success that changes nothing. */
  activateCampaign(asked: Asked & { campaignId: string }): Promise<Ack> {
    return this.#change('campaign.activate', asked, async ({ tables, room, emitter }) => {
      const campaign = await campaignIn(tables, room.id, asked.campaignId)
      if (campaign.archived)
        throw new TablecastError('CONFLICT', 'the campaign is archived: take it out of the archive first')
      if (room.activeCampaignId !== campaign.id) {
        if (room.activeCampaignId) await emitter.deactivated(room.activeCampaignId)
        await tables.rooms.setActiveCampaign(room.id, campaign.id)
        await emitter.loaded(campaign)
      }
      return { seq: emitter.seqFor('dm'), version: campaign.version }
    })
  }

  deactivateCampaign(asked: Asked): Promise<Ack> {
    return this.#change('campaign.deactivate', asked, async ({ tables, room, emitter }) => {
      if (room.activeCampaignId) {
        await tables.rooms.setActiveCampaign(room.id, null)
        await emitter.deactivated(room.activeCampaignId)
      }
      return { seq: emitter.seqFor('dm'), version: null }
    })
  }

  /**
   * A message of the DM or a player becomes story, dice or a change. Throws NO_ACTIVE_CAMPAIGN, UNKNOWN_COMMAND,
   * NOT_THE_DM, NARRATOR_UNAVAILABLE; nothing has changed then.
   */
  async processChatMessage(asked: Asked & { message: string }): Promise<SayAnswer> {
    for (let tries = 1; ; tries++) {
      const seen = await this.#activeCampaign(asked.roomId)
      const narration = await this.#narrate(asked, seen.state)
      const answer = await this.#change('campaign.say', asked, async (work) => {
        const campaign = await this.#lockedActive(work)
        const hasMoved = campaign.id !== seen.id || campaign.version !== seen.version
        if (hasMoved && (narration.patch || narration.action) && tries < TRIES) throw new Moved()
        return this.#carryOut(work, campaign, narration, asked.actor)
      }).catch((error: unknown) => {
        if (error instanceof Moved) return null
        throw error
      })
      if (answer) return answer
    }
  }

  /** Throws CONFLICT with `{ version, state }` when a change since `baseVersion` wrote to the same fields. */
  editCampaign(asked: Asked & { campaignId: string; baseVersion: number; patch: StatePatch }): Promise<Ack> {
    return this.#change('campaign.edit', asked, async (work) => {
      const campaign = await campaignIn(work.tables, work.room.id, asked.campaignId)
      if (await this.#isBehind(work, campaign, asked.baseVersion, asked.patch))
        throw new TablecastError('CONFLICT', 'another DM changed this meanwhile', {
          version: campaign.version,
          state: campaign.state,
        })
      return this.#apply(work, campaign, { patch: asked.patch, entries: [] }, asked.actor)
    })
  }

  /**
   * Prose and what it changes, as one turn: an undo takes back both. The narrator's draft of it goes in the same transaction. A patch that a change since `baseVersion` stands in the way of is
   * left out with `ifMoved: 'leave_out'`, else it throws CONFLICT. Throws NO_ACTIVE_CAMPAIGN when it is not the active one any more.
   */
  publishTurn(
    asked: Asked & {
      turnId: string
      campaignId: string
      baseVersion: number
      entries: DraftEntry[]
      patch: StatePatch | null
      ifMoved: 'refuse' | 'leave_out'
    },
  ): Promise<Ack & { isPatchLeftOut: boolean }> {
    return this.#change('narrator.publish', asked, async (work) => {
      const campaign = await this.#lockedActive(work)
      if (campaign.id !== asked.campaignId)
        throw new TablecastError('CONFLICT', 'another campaign is active now: open this one again to publish')
      // No DM has read it, and the prompt may have held the words that the undo withdrew.
      if (asked.ifMoved === 'leave_out' && (await this.#tookBack(work, campaign, asked.baseVersion)))
        throw new TablecastError(
          'CONFLICT',
          'something was taken back while it was written: read it, and publish it if it still fits',
        )
      const { patch, entries } = asked
      const fits = patch === null || (await this.#stillFits(work, campaign, asked.baseVersion, patch))
      if (!fits && asked.ifMoved === 'refuse')
        throw new TablecastError(
          'CONFLICT',
          'the changes do not fit any more: publish the words alone, or have it written anew',
          {
            version: campaign.version,
            state: campaign.state,
          },
        )
      const ack = await this.#apply(work, campaign, { patch: fits ? patch : null, entries }, asked.actor)
      await work.tables.narrator.removeTurn(asked.roomId, asked.turnId)
      return { ...ack, isPatchLeftOut: !fits }
    })
  }

  /**
   * Words or dice between one member and the DMs; nobody else is told that there was something. Throws NO_ACTIVE_CAMPAIGN, and
   * UNKNOWN_COMMAND for a command that changes the campaign.
   */
  whisper(asked: Asked & { message: string; member: { id: string; name: string } }): Promise<Ack> {
    return this.#change('campaign.whisper', asked, async (work) => {
      const campaign = await this.#lockedActive(work)
      const { patch, action, entries } = await this.#narrate(asked, campaign.state)
      if (patch || action || entries.length === 0)
        throw new TablecastError('UNKNOWN_COMMAND', 'a whisper holds words or a roll: /roll 1d20')
      const { member } = asked
      const whispered = entries.map((draft) => ({
        ...draft,
        kind: 'whisper' as const,
        audience: 'member' as const,
        member,
      }))
      const ack = await this.#apply(work, campaign, { patch: null, entries: whispered }, asked.actor)
      return asked.actor.role === 'dm' ? ack : { seq: work.emitter.seqFor({ memberId: member.id }), version: null }
    })
  }

  /** A player changes their own character, in the fields that are theirs. Throws FORBIDDEN, CONFLICT with the character as it is. */
  editOwnCharacter(
    asked: Asked & { campaignId: string; characterId: string; was: OwnCharacterFields; is: OwnCharacterFields },
  ): Promise<Ack> {
    return this.#change('campaign.editOwnCharacter', asked, async (work) => {
      const campaign = await this.#lockedActive(work)
      if (campaign.id !== asked.campaignId)
        throw new TablecastError('CAMPAIGN_NOT_FOUND', 'there is no such campaign in this room')
      const patch = changeOwn(campaign.state, asked.actor.id, asked)
      return this.#apply(work, campaign, { patch, entries: [] }, asked.actor)
    })
  }

  /** The characters of one user become another's, in every campaign of the room. */
  async rebindCharacters({ roomId, from, to }: { roomId: string; from: string; to: string }): Promise<void> {
    const actor = { id: 'system', name: 'Tablecast', role: 'system' } as const
    for (const { id } of await this.listCampaigns(roomId))
      await this.#change('campaign.rebind', { roomId, actor, key: this.#newId() }, async (work) => {
        const campaign = await campaignIn(work.tables, roomId, id)
        const theirs = campaign.state.characters.filter(({ ownerId }) => ownerId === from)
        if (theirs.length === 0) return null
        const patch = { characters: { upsert: theirs.map((character) => ({ id: character.id, ownerId: to })) } }
        return this.#apply(work, campaign, { patch, entries: [] }, actor)
      })
  }

  undo(asked: Asked & { campaignId: string }): Promise<Ack> {
    return this.#change('campaign.undo', asked, async (work) =>
      this.#undo(work, await campaignIn(work.tables, work.room.id, asked.campaignId), asked.actor),
    )
  }

  redo(asked: Asked & { campaignId: string }): Promise<Ack> {
    return this.#change('campaign.redo', asked, async (work) =>
      this.#redo(work, await campaignIn(work.tables, work.room.id, asked.campaignId), asked.actor),
    )
  }

  createCampaign(
    asked: Asked & { name: string; state?: CampaignState; entries?: NarrativeEntry[] },
  ): Promise<CampaignSummary> {
    return this.#change('campaign.create', asked, ({ tables, room, at }) => this.#insert(tables, room.id, at, asked))
  }

  /** A copy under a new id, not active. Throws VALIDATION_FAILED. */
  importCampaign(asked: Asked & { document: CampaignDocument }): Promise<CampaignSummary> {
    const document = checkDocument(asked.document)
    return this.#change('campaign.import', asked, ({ tables, room, at }) => this.#insert(tables, room.id, at, document))
  }

  renameCampaign(asked: Asked & { campaignId: string; name: string }): Promise<CampaignSummary> {
    return this.#change('campaign.rename', asked, async ({ tables, room, emitter, at }) => {
      const campaign = await campaignIn(tables, room.id, asked.campaignId)
      await tables.campaigns.rename(campaign.id, asked.name, at)
      // The name stands in the snapshot, so everyone gets a new one.
      if (room.activeCampaignId === campaign.id) await emitter.loaded({ ...campaign, name: asked.name })
      return summaryOf({ ...campaign, name: asked.name, updatedAt: at }, room.activeCampaignId)
    })
  }

  archiveCampaign(asked: Asked & { campaignId: string; archived: boolean }): Promise<CampaignSummary> {
    return this.#change('campaign.archive', asked, async ({ tables, room, at }) => {
      const campaign = await campaignIn(tables, room.id, asked.campaignId)
      if (asked.archived && room.activeCampaignId === campaign.id)
        throw new TablecastError('CONFLICT', 'the campaign is active: deactivate it first')
      await tables.campaigns.setArchived(campaign.id, asked.archived, at)
      return summaryOf({ ...campaign, archived: asked.archived, updatedAt: at }, room.activeCampaignId)
    })
  }

  /** Throws CAMPAIGN_NOT_FOUND, BAD_REQUEST. */
  exportCampaign({
    roomId,
    campaignId,
    format,
    audience = 'dm',
  }: { roomId: string; campaignId: string } & Pick<ExportChoice, 'format'> &
    Partial<ExportChoice>): Promise<CampaignExport> {
    return this.#store.read(async (tables) => {
      const campaign = await campaignIn(tables, roomId, campaignId)
      return exportCampaign(tables, campaign, { format, audience }, this.#now())
    })
  }

  listCampaigns(roomId: string): Promise<CampaignSummary[]> {
    return this.#store.read((tables) => tables.campaigns.list(roomId))
  }

  /** The whole of a campaign as its DM sees it, with the newest entries. */
  getCampaign(
    roomId: string,
    campaignId: string,
  ): Promise<{ campaign: CampaignSummary; state: CampaignState; entries: NarrativeEntry[] }> {
    return this.#store.read(async (tables) => {
      const campaign = await campaignIn(tables, roomId, campaignId)
      const room = await tables.rooms.get(roomId)
      const { entries } = await tables.entries.page(campaignId, 'dm', { limit: SNAPSHOT_ENTRIES })
      return { campaign: summaryOf(campaign, room?.activeCampaignId ?? null), state: campaign.state, entries }
    })
  }

  history(asked: {
    roomId: string
    campaignId: string
    listener: Listener
    before: string | null
    limit: number
  }): Promise<HistoryPage> {
    return readHistory(this.#store, asked)
  }

  /** Where the stream of an audience stands; it is made when there is none. */
  openStream(roomId: string, listener: Listener): Promise<{ epoch: string; head: number }> {
    return this.#store.write((tables) => tables.streams.open(streamOf(roomId, listener)))
  }

  /** What a client missed since `position`, or one snapshot. */
  async eventsAfter(roomId: string, listener: Listener, position: Position | null): Promise<StreamAnswer> {
    const id = streamOf(roomId, listener)
    if (!this.#opened.has(id)) {
      await this.openStream(roomId, listener)
      this.#opened.add(id)
    }
    return readStream(this.#store, roomId, listener, position, this.#now())
  }

  #now(): string {
    return this.#clock().toISOString()
  }

  /** One transaction for one idempotency key in one room; its events are broadcast in the order of the commits. */
  #change<T>(procedure: string, { roomId, actor, key }: Asked, work: (parts: Work) => Promise<T>): Promise<T> {
    return this.#rooms.run(roomId, async () => {
      const at = this.#now()
      let events: Emitter['events'] = []
      let forgotten: Emitter['forgotten'] = []
      try {
        const answer = await this.#store.write(async (tables) => {
          const room = await tables.rooms.lock(roomId)
          if (!room) throw new TablecastError('NOT_FOUND', 'there is no such room')
          const emitter = new Emitter(tables, room, at)
          events = emitter.events
          forgotten = emitter.forgotten
          const asked = { userId: actor.id, key, procedure, at }
          return answerOnce(tables, asked, () => work({ tables, room, emitter, at }))
        })
        for (const event of events) this.#tell(event)
        if (forgotten.length > 0) this.#broadcaster.unsure?.(forgotten)
        return answer
      } catch (error) {
        // The connection may have broken between the commit and its answer.
        const changed = [...events.map(({ streamId }) => streamId), ...forgotten]
        if (changed.length > 0) this.#broadcaster.unsure?.(changed)
        throw error
      }
    })
  }

  /** The change is committed: whoever could not be told reads it from the log. */
  #tell(event: Emitter['events'][number]): void {
    try {
      this.#broadcaster.broadcast(event)
    } catch {
      // Heartbeats carry the newest seq, so a client that was not told notices.
    }
  }

  #activeCampaign(roomId: string): Promise<CampaignRow> {
    return this.#store.read(async (tables) => activeCampaign(tables, await tables.rooms.get(roomId)))
  }

  #lockedActive({ tables, room }: Work): Promise<CampaignRow> {
    return activeCampaign(tables, room)
  }

  /** True when a change since then wrote to the same fields, or nobody can tell any more. */
  async #isBehind({ tables }: Work, campaign: CampaignRow, baseVersion: number, patch: StatePatch): Promise<boolean> {
    const behind = campaign.version - baseVersion
    if (behind < 0 || behind > MAX_BEHIND) return true
    return behind > 0 && conflicts(patch, await tables.journal.since(campaign.id, baseVersion, MAX_BEHIND))
  }

  async #tookBack({ tables }: Work, campaign: CampaignRow, baseVersion: number): Promise<boolean> {
    const since = await tables.journal.since(campaign.id, baseVersion, MAX_BEHIND)
    return campaign.version - baseVersion > MAX_BEHIND || since.some(({ kind }) => kind === 'undo')
  }

  async #stillFits(work: Work, campaign: CampaignRow, baseVersion: number, patch: StatePatch): Promise<boolean> {
    if (await this.#isBehind(work, campaign, baseVersion, patch)) return false
    try {
      changeState(campaign.state, patch)
      return true
    } catch {
      return false
    }
  }

  async #narrate({ message, actor }: { message: string; actor: Actor }, state: CampaignState): Promise<Narration> {
    for await (const part of this.#narrator.narrate({ message, actor, state }))
      if (part.type === 'final') return part.narration
    throw new TablecastError('NARRATOR_UNAVAILABLE', 'the narrator gave no answer: try again')
  }

  async #carryOut(work: Work, campaign: CampaignRow, narration: Narration, actor: Actor): Promise<SayAnswer> {
    const { action, reply } = narration
    if (action === 'undo') return { ...(await this.#undo(work, campaign, actor)), message: 'Taken back.' }
    if (action === 'redo') return { ...(await this.#redo(work, campaign, actor)), message: 'Given back.' }
    if (!narration.patch && narration.entries.length === 0) return { seq: 0, version: null, message: reply }
    return { ...(await this.#apply(work, campaign, narration, actor)), message: reply }
  }

  /** A new change. A DM's goes onto the undo stack and ends what could be redone; a player's leaves both alone. */
  async #apply(
    { tables, emitter, at }: Work,
    campaign: CampaignRow,
    { patch, entries: drafts }: { patch: StatePatch | null; entries: DraftEntry[] },
    actor: Actor,
  ): Promise<Ack> {
    const change = changeState(campaign.state, patch)
    const audience: Audience = actor.role === 'dm' ? 'dm' : 'player'
    if (!change.patch && drafts.length === 0) return { seq: 0, version: audience === 'dm' ? campaign.version : null }
    const entries = drafts.map((draft): NarrativeEntry => ({
      id: this.#newId(),
      at,
      author: actor,
      withdrawn: false,
      ...draft,
    }))
    const version = campaign.version + 1
    const isUndoable = actor.role === 'dm'
    const next: CampaignRow = {
      ...campaign,
      state: change.after,
      version,
      undoHead: isUndoable ? version : campaign.undoHead,
      redoHead: isUndoable ? null : campaign.redoHead,
      updatedAt: at,
    }
    await tables.journal.append({
      campaignId: campaign.id,
      version,
      at,
      actorId: actor.id,
      kind: 'change',
      patch: change.patch,
      inverse: change.inverse,
      entryIds: entries.map(({ id }) => id),
      target: null,
      previousUndo: campaign.undoHead,
      previousRedo: null,
    })
    if (entries.length > 0) await tables.entries.append(campaign.id, entries)
    await tables.campaigns.save(next)
    await emitter.updated({ campaign: next, change, entries, withdrawn: [], takesBack: false })
    return { seq: emitter.seqFor(audience), version: audience === 'dm' ? version : null }
  }

  async #undo(work: Work, campaign: CampaignRow, actor: Actor): Promise<Ack> {
    const undone = campaign.undoHead === null ? null : await work.tables.journal.get(campaign.id, campaign.undoHead)
    if (!undone) throw new TablecastError('NOTHING_TO_UNDO', 'there is nothing to undo')
    return this.#turnBack(work, campaign, actor, {
      kind: 'undo',
      target: undone.version,
      patch: undone.inverse,
      entryIds: undone.entryIds,
      undoHead: undone.previousUndo,
      redoHead: campaign.version + 1,
      previousUndo: null,
      previousRedo: campaign.redoHead,
    })
  }

  async #redo(work: Work, campaign: CampaignRow, actor: Actor): Promise<Ack> {
    const undo = campaign.redoHead === null ? null : await work.tables.journal.get(campaign.id, campaign.redoHead)
    const change = undo?.target ? await work.tables.journal.get(campaign.id, undo.target) : null
    if (!undo || !change) throw new TablecastError('NOTHING_TO_UNDO', 'there is nothing to redo')
    return this.#turnBack(work, campaign, actor, {
      kind: 'redo',
      target: change.version,
      patch: change.patch,
      entryIds: change.entryIds,
      undoHead: campaign.version + 1,
      redoHead: undo.previousRedo,
      previousUndo: campaign.undoHead,
      previousRedo: null,
    })
  }

  /** An undo or redo is a change of its own in the journal; the heads move along linked lists, whatever their length. */
  async #turnBack(
    { tables, emitter, at }: Work,
    campaign: CampaignRow,
    actor: Actor,
    step: {
      kind: 'undo' | 'redo'
      target: number
      patch: StatePatch | null
      entryIds: string[]
      undoHead: number | null
      redoHead: number | null
      previousUndo: number | null
      previousRedo: number | null
    },
  ): Promise<Ack> {
    const change = changeState(campaign.state, step.patch)
    const version = campaign.version + 1
    const next = {
      ...campaign,
      state: change.after,
      version,
      undoHead: step.undoHead,
      redoHead: step.redoHead,
      updatedAt: at,
    }
    const withdrawn = step.kind === 'undo'
    const touched = await tables.entries.setWithdrawn(campaign.id, step.entryIds, withdrawn)
    // What was told of them is not true any more.
    await tables.narrator.forgetSummary(campaign.id, step.entryIds)
    await tables.journal.append({
      campaignId: campaign.id,
      version,
      at,
      actorId: actor.id,
      kind: step.kind,
      patch: change.patch,
      inverse: change.inverse,
      entryIds: step.entryIds,
      target: step.target,
      previousUndo: step.previousUndo,
      previousRedo: step.previousRedo,
    })
    await tables.campaigns.save(next)
    await emitter.updated({
      campaign: next,
      change,
      entries: [],
      withdrawn: touched.map((entry) => ({ ...entry, withdrawn })),
      takesBack: withdrawn,
    })
    return { seq: emitter.seqFor('dm'), version }
  }

  async #insert(
    tables: Tables,
    roomId: string,
    at: string,
    { name, state = emptyState, entries = [] }: { name: string; state?: CampaignState; entries?: NarrativeEntry[] },
  ): Promise<CampaignSummary> {
    const campaign: CampaignRow = {
      id: this.#newId(),
      roomId,
      name,
      archived: false,
      state,
      version: 0,
      undoHead: null,
      redoHead: null,
      createdAt: at,
      updatedAt: at,
    }
    await tables.campaigns.insert(campaign)
    await tables.entries.append(campaign.id, entries)
    return summaryOf(campaign, null)
  }
}

/** Another node changed the campaign between the narration and the transaction. */
class Moved extends Error {}

const summaryOf = (campaign: CampaignRow, activeCampaignId: string | null): CampaignSummary => ({
  id: campaign.id,
  name: campaign.name,
  archived: campaign.archived,
  active: campaign.id === activeCampaignId,
  version: campaign.version,
  createdAt: campaign.createdAt,
  updatedAt: campaign.updatedAt,
})
