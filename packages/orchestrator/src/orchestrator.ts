import { setImmediate as turn } from 'node:timers/promises'
import {
  type Ack,
  type Audience,
  audienceOf,
  type CampaignDocument,
  type CampaignExport,
  type CampaignState,
  type CampaignSummary,
  emptyState,
  type HistoryPage,
  type ImportAnswer,
  type ImportReport,
  MAX_PAGES_BYTES,
  mendText,
  type NarrativeEntry,
  type OwnCharacterFields,
  type Page,
  type PageList,
  type Position,
  asSentence,
  type SayAnswer,
  SNAPSHOT_ENTRIES,
  type StatePatch,
  type Step,
  stepInWords,
  TablecastError,
  type UndoAnswer,
} from '@tablecast/contracts'
import type { Actor, DraftEntry, NarrationResult, Narrator, Scenario } from '@tablecast/narrator'
import type { CampaignRow, Store, Repositories } from '@tablecast/store'
import type { CampaignBroadcaster } from './broadcaster.ts'
import { changeState, conflicts, stepState } from './change.ts'
import { checkDocument, checkedEntries, type EntrySlices, exportCampaign, type ExportChoice } from './document.ts'
import { Emitter, type Listener, streamOf } from './events.ts'
import { compareFile, documentReport, mustFit, readDocument } from './imports.ts'
import { changeOwn } from './own-character.ts'
import { activeCampaign, campaignIn, readHistory, readStream, type StreamAnswer } from './reading.ts'
import { trustedCaller } from './room-caller.ts'
import { type Asked, changeRoom, type RoomChange } from './room-change.ts'
import { KeyedQueue } from './keyed-queue.ts'
import { nextRedo, nextUndo } from './steps.ts'

export { type Listener, streamOf }

/** What the narrator wrote for a campaign as it was at `baseVersion`. */
export type TurnToPublish = {
  id: string
  campaignId: string
  baseVersion: number
  entries: DraftEntry[]
  patch: StatePatch | null
  ifMoved: 'refuse' | 'leave_out'
}

export type OrchestratorParts = {
  store: Store
  narrator: Narrator
  broadcaster: CampaignBroadcaster
  clock?: () => Date
  newId?: () => string
  /** What the pages of one campaign hold together. */
  maxPagesBytes?: number
}

type Work = RoomChange & { emitter: Emitter }

/** The server itself. */
const system = { id: 'system', name: 'Tablecast', role: 'system' } as const

/** Edits that far behind are not compared change by change. */
const MAX_BEHIND = 200

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
  readonly #maxPagesBytes: number
  readonly #rooms = new KeyedQueue()
  /** Imports that have to be read first, by caller and key. */
  readonly #readings = new KeyedQueue()
  readonly #opened = new Set<string>()

  constructor({
    store,
    narrator,
    broadcaster,
    clock = () => new Date(),
    newId = () => crypto.randomUUID(),
    maxPagesBytes = MAX_PAGES_BYTES,
  }: OrchestratorParts) {
    this.#store = store
    this.#narrator = narrator
    this.#broadcaster = broadcaster
    this.#clock = clock
    this.#newId = newId
    this.#maxPagesBytes = maxPagesBytes
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
  processChatMessage(asked: Asked & { message: string }): Promise<SayAnswer> {
    return this.#change('campaign.say', asked, async (work) => {
      const campaign = await this.#lockedActive(work)
      return this.#carryOut(work, campaign, await this.#narrate(asked.message, work.actor, campaign.state))
    })
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
      return this.#apply(work, campaign, { patch: asked.patch, entries: [] })
    })
  }

  /**
   * Prose and what it changes, as one turn: an undo takes back both. The narrator's draft of it goes in the same transaction. A patch that a change since `baseVersion` stands in the way of is
   * left out with `ifMoved: 'leave_out'`, else it throws CONFLICT, as when its campaign is not the active one any more. `turn` is asked
   * once it is known that this is no repeat.
   */
  publishTurn(
    asked: Asked & { turn: (tables: Repositories) => Promise<TurnToPublish> },
  ): Promise<Ack & { isPatchLeftOut: boolean }> {
    return this.#change('narrator.publish', asked, async (work) => {
      const { id, campaignId, baseVersion, entries, patch, ifMoved } = await asked.turn(work.tables)
      const campaign = await this.#lockedActive(work)
      if (campaign.id !== campaignId)
        throw new TablecastError('CONFLICT', 'another campaign is active now: open this one again to publish')
      // No DM has read it, and the prompt may have held the words that the undo withdrew.
      if (ifMoved === 'leave_out' && (await this.#tookBack(work, campaign, baseVersion)))
        throw new TablecastError(
          'CONFLICT',
          'something was taken back while it was written: read it, and publish it if it still fits',
        )
      const fits = patch === null || (await this.#stillFits(work, campaign, baseVersion, patch))
      if (!fits && ifMoved === 'refuse')
        throw new TablecastError(
          'CONFLICT',
          'the changes do not fit any more: publish the words alone, or have it written anew',
          {
            version: campaign.version,
            state: campaign.state,
          },
        )
      const ack = await this.#apply(work, campaign, { patch: fits ? patch : null, entries })
      await work.tables.narrator.removeTurn(asked.roomId, id)
      return { ...ack, isPatchLeftOut: !fits }
    })
  }

  /**
   * Words or dice between one member and the DMs; nobody else is told that there was something. `to`: whom a DM means; players
   * whisper to the DMs. Throws NO_ACTIVE_CAMPAIGN, NOT_FOUND, BAD_REQUEST, and UNKNOWN_COMMAND for a command that changes the campaign.
   */
  whisper(asked: Asked & { message: string; to: string | null }): Promise<Ack> {
    return this.#change('campaign.whisper', asked, async (work) => {
      const member = await otherEnd(work, asked.to)
      const campaign = await this.#lockedActive(work)
      const { patch, action, entries } = await this.#narrate(asked.message, work.actor, campaign.state)
      if (patch || action || entries.length === 0)
        throw new TablecastError('UNKNOWN_COMMAND', 'a whisper holds words or a roll: /roll 1d20')
      const whispered = entries.map((draft) => ({
        ...draft,
        kind: 'whisper' as const,
        audience: 'member' as const,
        member,
      }))
      const ack = await this.#apply(work, campaign, { patch: null, entries: whispered })
      return work.actor.role === 'dm' ? ack : { seq: work.emitter.seqFor({ memberId: member.id }), version: null }
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
      const patch = changeOwn(campaign.state, work.actor.id, asked)
      return this.#apply(work, campaign, { patch, entries: [] })
    })
  }

  /**
   * One user becomes another, in the whole of a room: `move` gives away the seat, and their characters and whispers go along, in
   * the same transaction.
   */
  moveMember(
    { roomId, from, to }: { roomId: string; from: string; to: string },
    move: (change: RoomChange) => Promise<void>,
  ): Promise<void> {
    const asked = { roomId, caller: trustedCaller(system), key: null, input: null }
    return this.#change('campaign.moveMember', asked, async (work) => {
      await move(work)
      await work.tables.entries.moveMember(roomId, from, to)
      for (const { id } of await work.tables.campaigns.list(roomId)) {
        const campaign = await campaignIn(work.tables, roomId, id)
        const theirs = campaign.state.characters.filter(({ ownerId }) => ownerId === from)
        const patch = { characters: { upsert: theirs.map((character) => ({ id: character.id, ownerId: to })) } }
        if (theirs.length > 0) await this.#apply(work, campaign, { patch, entries: [] })
      }
    })
  }

  /**
   * Takes back the last change of any DM. `step`: the one that the caller means, by its number; throws CONFLICT with `{ step }` when
   * another one is the last by now. Throws NOTHING_TO_UNDO.
   */
  undo(asked: Asked & { campaignId: string; step?: number | null | undefined }): Promise<UndoAnswer> {
    return this.#change('campaign.undo', asked, async (work) =>
      this.#undo(work, await campaignIn(work.tables, work.room.id, asked.campaignId), asked.step ?? null),
    )
  }

  /** Makes again what the last undo of any DM took back. `step`, and what it throws, as above. */
  redo(asked: Asked & { campaignId: string; step?: number | null | undefined }): Promise<UndoAnswer> {
    return this.#change('campaign.redo', asked, async (work) =>
      this.#redo(work, await campaignIn(work.tables, work.room.id, asked.campaignId), asked.step ?? null),
    )
  }

  /** Throws VALIDATION_FAILED for more pages than a campaign holds. */
  createCampaign(
    asked: Asked & { name: string; state?: CampaignState; entries?: NarrativeEntry[]; pages?: Page[] },
  ): Promise<CampaignSummary> {
    return this.#change('campaign.create', asked, ({ tables, room, at }) => this.#insert(tables, room.id, at, asked))
  }

  /**
   * A new campaign, not active, of what `read` makes of a text, which may take seconds: it is read before the transaction, and only by
   * the first of several calls with the same key.
   */
  importScenario(asked: Asked, read: () => Promise<Scenario>): Promise<ImportAnswer> {
    const procedure = 'campaign.importScenario'
    return this.#readings.run(`${asked.caller.userId} ${asked.key}`, async () => {
      const known = await this.#answerTo<ImportAnswer>(procedure, asked)
      if (known) return known
      const { report, ...scenario } = await read()
      return this.#change(procedure, asked, async ({ tables, room, at }) => ({
        ...(await this.#insert(tables, room.id, at, scenario)),
        report,
      }))
    })
  }

  /**
   * A copy under a new id, not active. `file`: what the document was read from, which the report compares it with. `longEntries`: the
   * entries, where they are too many to stand in the document; its own are left out then. Throws VALIDATION_FAILED.
   */
  importCampaign(
    asked: Asked & { document: CampaignDocument; file?: unknown; longEntries?: EntrySlices | null },
  ): Promise<ImportAnswer> {
    const document = checkDocument(asked.document)
    const { file = document, longEntries = null } = asked
    this.mustFitPages(document.pages ?? [])
    if (longEntries) return this.#importLong(asked, { document, file, longEntries })
    return this.#importShort(asked, document, file)
  }

  async #importShort(asked: Asked, document: CampaignDocument, file: unknown): Promise<ImportAnswer> {
    const compared = await compareFile(file, document, null)
    return this.#change('campaign.import', asked, async ({ tables, room, at }) => ({
      ...(await this.#insert(tables, room.id, at, document)),
      report: documentReport(document, compared, await memberIdsOf(tables, room.id)),
    }))
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

  /** What a file in JSON would become. Throws VALIDATION_FAILED, as its import would. */
  async previewImport({
    roomId,
    document: file,
    longEntries,
  }: {
    roomId: string
    document: unknown
    longEntries: EntrySlices | null
  }): Promise<ImportReport> {
    const document = readDocument(file)
    this.mustFitPages(document.pages ?? [])
    const compared = await compareFile(file, document, longEntries)
    return this.#store.read(async (tables) => documentReport(document, compared, await memberIdsOf(tables, roomId)))
  }

  /** Throws VALIDATION_FAILED for more pages than a campaign holds. */
  mustFitPages(pages: readonly Page[]): void {
    mustFit(pages, this.#maxPagesBytes)
  }

  /** Throws CAMPAIGN_NOT_FOUND. */
  listPages(roomId: string, campaignId: string): Promise<PageList> {
    return this.#store.read(async (tables) => {
      await campaignIn(tables, roomId, campaignId)
      return { pages: await tables.pages.list(campaignId) }
    })
  }

  /** Throws CAMPAIGN_NOT_FOUND, NOT_FOUND. */
  readPage(roomId: string, campaignId: string, pageId: string): Promise<Page> {
    return this.#store.read(async (tables) => {
      await campaignIn(tables, roomId, campaignId)
      const page = await tables.pages.get(campaignId, pageId)
      if (!page) throw new TablecastError('NOT_FOUND', 'there is no such page in this campaign')
      return page
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

  /** One change of a room; its events are broadcast in the order of the commits. */
  #change<T>(procedure: string, asked: Asked, work: (parts: Work) => Promise<T>): Promise<T> {
    const inTurn = async (deadline: number) => {
      let events: Emitter['events'] = []
      let forgotten: Emitter['forgotten'] = []
      try {
        const answer = await changeRoom(this.#store, procedure, { ...asked, deadline }, this.#now(), (change) => {
          const emitter = new Emitter(change.tables, change.room, change.at)
          events = emitter.events
          forgotten = emitter.forgotten
          return work({ ...change, emitter })
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
    }
    return this.#rooms.run(asked.roomId, inTurn, asked.deadline)
  }

  /** The change is committed: whoever could not be told reads it from the log. */
  #tell(event: Emitter['events'][number]): void {
    try {
      this.#broadcaster.broadcast(event)
    } catch {
      // Heartbeats carry the newest seq, so a client that was not told notices.
    }
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

  async #narrate(message: string, actor: Actor, state: CampaignState): Promise<NarrationResult> {
    for await (const part of this.#narrator.narrate({ message, actor, state }))
      if (part.type === 'final') return part.narration
    throw new TablecastError('NARRATOR_UNAVAILABLE', 'the narrator gave no answer: try again')
  }

  async #carryOut(work: Work, campaign: CampaignRow, narration: NarrationResult): Promise<SayAnswer> {
    const { action, reply } = narration
    if (action === 'undo') return this.#undo(work, campaign, null)
    if (action === 'redo') return this.#redo(work, campaign, null)
    if (!narration.patch && narration.entries.length === 0) return { seq: 0, version: null, message: reply }
    return { ...(await this.#apply(work, campaign, narration)), message: reply }
  }

  /** A new change. A DM's goes onto the undo stack and ends what could be redone; a player's leaves both alone. */
  async #apply(
    { tables, emitter, actor, at }: Work,
    campaign: CampaignRow,
    { patch, entries: drafts }: { patch: StatePatch | null; entries: DraftEntry[] },
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
      text: mendText(draft.text),
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

  async #undo(work: Work, campaign: CampaignRow, meant: number | null): Promise<UndoAnswer> {
    const next = await nextUndo(work.tables, campaign)
    if (!next) throw new TablecastError('NOTHING_TO_UNDO', 'there is nothing to undo')
    const { row, step } = next
    const told = stepInWords(step, await work.tables.entries.find(campaign.id, step.entryIds), work.actor.id)
    if (meant !== null && meant !== step.step) throw anotherStep('undo', step, told)
    const ack = await this.#turnBack(work, campaign, {
      kind: 'undo',
      told: step,
      target: row.version,
      patch: row.inverse,
      entryIds: row.entryIds,
      undoHead: row.previousUndo,
      redoHead: campaign.version + 1,
      previousUndo: null,
      previousRedo: campaign.redoHead,
    })
    return { ...ack, message: `Undid ${told}` }
  }

  async #redo(work: Work, campaign: CampaignRow, meant: number | null): Promise<UndoAnswer> {
    const next = await nextRedo(work.tables, campaign)
    if (!next) throw new TablecastError('NOTHING_TO_UNDO', 'there is nothing to redo')
    const { undo, change, step } = next
    const told = stepInWords(step, await work.tables.entries.find(campaign.id, step.entryIds), work.actor.id)
    if (meant !== null && meant !== step.step) throw anotherStep('redo', step, told)
    const ack = await this.#turnBack(work, campaign, {
      kind: 'redo',
      told: step,
      // The change itself, so that its author is found at once however often it was taken back and made again.
      target: change.kind === 'redo' && change.target !== null ? change.target : change.version,
      patch: change.patch,
      entryIds: change.entryIds,
      undoHead: campaign.version + 1,
      redoHead: undo.previousRedo,
      previousUndo: campaign.undoHead,
      previousRedo: null,
    })
    return { ...ack, message: `Redid ${told}` }
  }

  /** An undo or redo is a change of its own in the journal; the heads move along linked lists, whatever their length. */
  async #turnBack(
    { tables, emitter, actor, at }: Work,
    campaign: CampaignRow,
    step: {
      kind: 'undo' | 'redo'
      told: Step
      target: number
      patch: StatePatch | null
      entryIds: string[]
      undoHead: number | null
      redoHead: number | null
      previousUndo: number | null
      previousRedo: number | null
    },
  ): Promise<Ack> {
    const change = stepState(campaign.state, step.patch)
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
    const touched = await tables.entries.setWithdrawn(campaign.id, step.entryIds, withdrawn, actor.name)
    // A step with entries is marked in them; one without gets a line of its own, which is part of no step.
    const lines: NarrativeEntry[] =
      step.entryIds.length > 0
        ? []
        : [
            {
              id: this.#newId(),
              at,
              kind: 'system',
              author: system,
              text: mendText(stepLine(step.kind, step.told, actor)),
              rolls: [],
              audience: 'dm',
              withdrawn: false,
            },
          ]
    await tables.entries.append(campaign.id, lines)
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
      entries: lines,
      withdrawn: touched.map((entry) => ({ ...entry, withdrawn, by: actor.name })),
      takesBack: withdrawn,
    })
    return { seq: emitter.seqFor('dm'), version }
  }

  /** What this key was answered with before; null when it was not. Throws as the change itself does. */
  async #answerTo<T>(procedure: string, asked: Asked): Promise<T | null> {
    return this.#change<T>(procedure, asked, () => Promise.reject(new NotKnown())).catch((error: unknown) => {
      if (error instanceof NotKnown) return null
      throw error
    })
  }

  /**
   * The entries are checked first, all of them, and then stored in many short transactions, in which nobody sees the campaign. The last one is
   * the change: it makes the campaign one of the room's. What is given up is dropped here, or by `prune`.
   */
  async #importLong(
    asked: Asked,
    { document, file, longEntries }: { document: CampaignDocument; file: unknown; longEntries: EntrySlices },
  ): Promise<ImportAnswer> {
    const known = await this.#answerTo<ImportAnswer>('campaign.import', asked)
    if (known) return known
    const compared = await compareFile(file, document, longEntries)
    const { name, state, pages = [] } = document
    const campaign = newCampaign({ id: this.#newId(), roomId: asked.roomId, name, state, at: this.#now() })
    await this.#store.write((tables) => tables.campaigns.insertArriving(campaign))
    try {
      for await (const some of checkedEntries(longEntries))
        await this.#store.write((tables) => tables.entries.append(campaign.id, some))
      const answer = await this.#change('campaign.import', asked, async ({ tables, room, at }) => {
        await tables.pages.insert(campaign.id, pages)
        await tables.campaigns.arrived(campaign.id, at)
        const report = documentReport(document, compared, await memberIdsOf(tables, room.id))
        return { ...summaryOf({ ...campaign, createdAt: at, updatedAt: at }, null), report }
      })
      // The same was imported meanwhile, under the same key.
      if (answer.id !== campaign.id) await this.#discard(campaign.id)
      return answer
    } catch (error) {
      await this.#discard(campaign.id).catch(() => {})
      throw error
    }
  }

  async #discard(id: string): Promise<void> {
    while (!(await this.#store.write((tables) => tables.campaigns.discardArriving(id)))) await turn()
  }

  async #insert(
    tables: Repositories,
    roomId: string,
    at: string,
    { name, state = emptyState, entries = [], pages = [] }: NewCampaign,
  ): Promise<CampaignSummary> {
    this.mustFitPages(pages)
    const campaign = newCampaign({ id: this.#newId(), roomId, name, state, at })
    await tables.campaigns.insert(campaign)
    await tables.entries.append(campaign.id, entries)
    await tables.pages.insert(campaign.id, pages)
    return summaryOf(campaign, null)
  }
}

/** Nothing is taken back that its caller did not mean. */
function anotherStep(kind: 'undo' | 'redo', step: Step, told: string): TablecastError {
  const done = kind === 'undo' ? 'undone' : 'redone'
  return new TablecastError(
    'CONFLICT',
    `Another step came in between, and nothing was ${done}. The next one to be ${done} is ${asSentence(told)} Look at it, and ${kind} it if you mean it.`,
    { step },
  )
}

/** For all DMs: who did it, to whose change. */
function stepLine(kind: 'undo' | 'redo', step: Step, { id, name }: Actor): string {
  const did = `${name} ${kind === 'undo' ? 'undid' : 'redid'}`
  return step.of?.id === id ? `${did} a change of their own: ${step.changes}` : `${did} ${stepInWords(step, [], id)}`
}

/** There is no answer yet to what is asked. */
class NotKnown extends Error {}

type NewCampaign = {
  name: string
  state?: CampaignState
  entries?: NarrativeEntry[]
  pages?: Page[] | undefined
}

const memberIdsOf = async ({ rooms }: Repositories, roomId: string): Promise<ReadonlySet<string>> =>
  new Set((await rooms.members(roomId)).map(({ userId }) => userId))

/** The member that a whisper is to or from: the one who is no DM. */
async function otherEnd({ tables, room, actor }: Work, to: string | null): Promise<{ id: string; name: string }> {
  const isDm = actor.role === 'dm'
  if (isDm !== Boolean(to))
    throw new TablecastError('BAD_REQUEST', isDm ? 'to: say whom' : 'to: players whisper to the DMs')
  if (!to) return { id: actor.id, name: actor.name }
  const member = await tables.rooms.member(room.id, to)
  if (!member) throw new TablecastError('NOT_FOUND', 'there is no such member in this room')
  if (audienceOf(member.role) === 'dm') throw new TablecastError('BAD_REQUEST', 'to: they are a DM themselves')
  return { id: member.userId, name: member.name }
}

const newCampaign = ({
  at,
  ...given
}: Pick<CampaignRow, 'id' | 'roomId' | 'name' | 'state'> & { at: string }): CampaignRow => ({
  ...given,
  archived: false,
  version: 0,
  undoHead: null,
  redoHead: null,
  createdAt: at,
  updatedAt: at,
})

const summaryOf = (campaign: CampaignRow, activeCampaignId: string | null): CampaignSummary => ({
  id: campaign.id,
  name: campaign.name,
  archived: campaign.archived,
  active: campaign.id === activeCampaignId,
  version: campaign.version,
  createdAt: campaign.createdAt,
  updatedAt: campaign.updatedAt,
})
