import type { StatBlock } from '@tablecast/bestiary'
import {
  type Ack,
  type HistoryPage,
  type MapOperation,
  MAX_PAGES_BYTES,
  type OwnCharacterFields,
  type PictureOperation,
  type Position,
  type PublishAnswer,
  roomStream,
  type SayAnswer,
  type SheetOperationType,
  type StatePatch,
  TablecastError,
  type UndoAnswer,
} from '@tablecast/contracts'
import type { Narrator } from '@tablecast/narrator'
import type { Draw, OperationType, RollKind } from '@tablecast/rules'
import { Batched, type CampaignRow, type Repositories, type Store } from '@tablecast/store'
import type { CampaignBroadcaster } from './broadcaster.ts'
import { CampaignChanges, type Work } from './campaign-changes.ts'
import { changeTo } from './change.ts'
import { Chat } from './chat.ts'
import { isBehind } from './changes-since.ts'
import { CheckableDice } from './dice/checkable-dice.ts'
import { deleteEntry, editEntry, restoreEntry } from './entry-changes.ts'
import type { Listener } from './events.ts'
import { BlockShelf } from './fights/block-shelf.ts'
import { type ReadCreatures, readCreaturesHere } from './fights/creature-source.ts'
import { FightLimits, type FightLimitsOptions } from './fights/fight-limits.ts'
import { Fights } from './fights/fights.ts'
import { applyChange, redoChange, storeChange, type TurnBackChoice, undoChange } from './journal-step.ts'
import { Library } from './library.ts'
import { changeOwn } from './own-character.ts'
import { Maps } from './maps/maps.ts'
import type { CampaignNotice } from './notices.ts'
import { Pictures } from './pictures/pictures.ts'
import { Sheets } from './sheets/sheets.ts'
import { renewForActivation } from './pictures/renew.ts'
import { MemberStreams } from './member-streams.ts'
import { ofOtherMember } from './moved-member.ts'
import { activeCampaign, campaignIn, campaignNotFound, readHistory, readStream, type StreamAnswer } from './reading.ts'
import { trustedCaller } from './room-caller.ts'
import type { ChangeRequest, RoomChange } from './room-change.ts'
import { systemActor } from './system-actor.ts'
import { publishWritten, type TurnToPublish } from './written-turn.ts'

export type { Listener }

type OfEntry = ChangeRequest & { campaignId: string; entryId: string }

export type OrchestratorDeps = {
  store: Store
  narrator: Narrator
  broadcaster: CampaignBroadcaster
  clock?: () => Date
  newId?: () => string
  /** The most bytes of the pages of one campaign together. */
  maxPagesBytes?: number
  fightLimits?: FightLimitsOptions
  /** Dice in place of those that can be checked: nothing of them is stored, so that tests can throw what they need. */
  draw?: Draw
  /** Called for each roll that can be checked, before its commit. */
  rolled?: (kind: RollKind) => void
  /** The built-in creatures. */
  loadCreatures?: () => Promise<readonly StatBlock[]>
  /** Reads files of other programs. Without it they are read in this thread. */
  readCreatures?: ReadCreatures
  /** Called for each operation of a fight that was carried out, before its commit. */
  operated?: (type: OperationType) => void
  /** The same for an operation on pictures. */
  operatedPictures?: (type: PictureOperation['type']) => void
  /** The same for an operation on maps. */
  operatedMaps?: (type: MapOperation['type']) => void
  /** The same for an operation on sheets. */
  operatedSheets?: (type: SheetOperationType) => void
  /**
   * Called after each commit by which a player's turn came or the table opened. It must not throw. It is called once, on the node that
   * made the change, and not for a repeat of the call.
   */
  noticed?: (notice: CampaignNotice) => void
}

/**
 * All changes and reads of campaigns. Each change is one transaction: state, journal, entries, the events of each audience and the
 * answer to the idempotency key. After the commit the broadcaster gets the events, and the caller its answer.
 *
 * It knows no sockets. The store remembers the newest states, which the database confirms at each read, so a restart needs no recovery.
 */
export class Orchestrator {
  readonly #store: Store
  readonly #changes: CampaignChanges
  readonly #chat: Chat
  /** Whole campaigns of a room. */
  readonly library: Library
  readonly fights: Fights
  readonly dice: CheckableDice
  readonly pictures: Pictures
  readonly maps: Maps
  readonly sheets: Sheets
  readonly #opened = new Set<string>()
  readonly #streams: Batched<string, { epoch: string; head: number }>
  readonly #memberStreams: MemberStreams

  constructor({
    store,
    narrator,
    broadcaster,
    clock = () => new Date(),
    newId = () => crypto.randomUUID(),
    maxPagesBytes = MAX_PAGES_BYTES,
    fightLimits,
    draw,
    rolled = () => {},
    loadCreatures = () => Promise.resolve([]),
    readCreatures = readCreaturesHere,
    operated = () => {},
    operatedPictures = () => {},
    operatedMaps = () => {},
    operatedSheets = () => {},
    noticed = () => {},
  }: OrchestratorDeps) {
    this.#store = store
    this.#changes = new CampaignChanges({ store, broadcaster, clock, newId, draw: draw ?? null, rolled, noticed })
    this.#streams = new Batched({
      run: (work) => store.write(work),
      idOf: (id) => id,
      answer: ({ streams }, ids) => streams.openAll(ids),
    })
    this.#memberStreams = new MemberStreams(store, () => this.#changes.now())
    const limits = new FightLimits(fightLimits)
    const shelf = new BlockShelf(loadCreatures)
    this.library = new Library({ store, changes: this.#changes, maxPagesBytes, limits })
    this.fights = new Fights({ store, changes: this.#changes, shelf, operated, limits, readCreatures })
    this.#chat = new Chat({ narrator, fights: this.fights })
    this.dice = new CheckableDice({ store, changes: this.#changes })
    this.pictures = new Pictures({ changes: this.#changes, operated: operatedPictures })
    this.maps = new Maps({ store, changes: this.#changes, operated: operatedMaps })
    this.sheets = new Sheets({ store, changes: this.#changes, readCreatures, operated: operatedSheets })
  }

  /** A switch first ends the old campaign for everybody. Activating the active campaign again succeeds and changes nothing. */
  activateCampaign(request: ChangeRequest & { campaignId: string }): Promise<Ack> {
    return this.#changes.run('campaign.activate', request, async (work) => {
      const { tables, room, emitter } = work
      let campaign = await campaignIn(tables, room.id, request.campaignId)
      if (campaign.archived)
        throw new TablecastError('CONFLICT', 'The campaign is archived: take it out of the archive first.')
      if (room.activeCampaignId !== campaign.id) {
        if (room.activeCampaignId) await emitter.deactivated(room.activeCampaignId)
        await tables.rooms.setActiveCampaign(room.id, campaign.id)
        campaign = await renewForActivation(work, campaign)
        await emitter.loaded(campaign, { opens: true })
      }
      return { seq: emitter.seqFor('dm'), version: campaign.version }
    })
  }

  deactivateCampaign(request: ChangeRequest): Promise<Ack> {
    return this.#changes.run('campaign.deactivate', request, async ({ tables, room, emitter }) => {
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
  processChatMessage(request: ChangeRequest & { message: string }): Promise<SayAnswer> {
    return this.#changes.run('campaign.say', request, (work) => this.#chat.say(work, request.message))
  }

  /**
   * Throws CONFLICT with `{ version, state }` when a change since `baseVersion` wrote to the same fields. `own`: versions since then that
   * the caller made and knows; only the caller's own changes among them are passed over.
   */
  editCampaign(
    request: ChangeRequest & {
      campaignId: string
      baseVersion: number
      own?: readonly number[] | undefined
      patch: StatePatch
    },
  ): Promise<Ack> {
    return this.#changes.run('campaign.edit', request, async (work) => {
      const campaign = await campaignIn(work.tables, work.room.id, request.campaignId)
      if (await isBehind(work, campaign, request))
        throw new TablecastError('CONFLICT', 'Another DM changed this meanwhile. Look at it again.', {
          version: campaign.version,
          state: campaign.state,
        })
      return applyChange(work, campaign, { patch: request.patch, entries: [] })
    })
  }

  /**
   * Stores prose and its patch as one change, which an undo takes back whole, and removes the narrator's draft in the same transaction.
   * When a change since `baseVersion` conflicts with the patch, `ifMoved: 'leave_out'` leaves the patch out, and 'refuse' throws CONFLICT.
   * It also throws CONFLICT when another campaign is active by now. `turn` is called only when this is not a repeat.
   */
  publishTurn(
    request: ChangeRequest & { turn: (tables: Repositories) => Promise<TurnToPublish> },
  ): Promise<PublishAnswer> {
    return this.#changes.run('narrator.publish', request, async (work) =>
      publishWritten(work, await request.turn(work.tables)),
    )
  }

  /**
   * Words or dice between one member and the DMs; nobody else learns that there was a whisper. `to`: the member, for a DM's whisper;
   * players whisper to the DMs. Throws NO_ACTIVE_CAMPAIGN, NOT_FOUND, BAD_REQUEST, and UNKNOWN_COMMAND for a command that changes the campaign.
   */
  whisper(request: ChangeRequest & { message: string; to: string | null }): Promise<Ack> {
    return this.#changes.run('campaign.whisper', request, (work) => this.#chat.whisper(work, request))
  }

  /** A player changes their own character, in the fields that are theirs. Throws FORBIDDEN, CONFLICT with the character as it is. */
  editOwnCharacter(
    request: ChangeRequest & {
      campaignId: string
      characterId: string
      was: OwnCharacterFields
      is: OwnCharacterFields
    },
  ): Promise<Ack> {
    return this.#changes.run('campaign.editOwnCharacter', request, async (work) => {
      const campaign = await activeCampaign(work.tables, work.room)
      if (campaign.id !== request.campaignId)
        throw new TablecastError('CAMPAIGN_NOT_FOUND', 'There is no such campaign at this table. Choose another.')
      const patch = changeOwn(campaign.state, work.actor.id, request)
      return applyChange(work, campaign, { patch, entries: [] })
    })
  }

  /**
   * Gives an entry other words. Players lose the earlier ones everywhere. Throws CAMPAIGN_NOT_FOUND, for players also for a campaign that
   * is not active; NOT_FOUND, FORBIDDEN, CONFLICT.
   */
  editEntry(request: OfEntry & { text: string }): Promise<Ack> {
    return this.#changes.run('campaign.editEntry', request, async (work) =>
      editEntry(work, await openTo(work, request.campaignId), request.entryId, request.text),
    )
  }

  /** `deleted` false: puts a deleted entry back. Throws as `editEntry` does. */
  deleteEntry(request: OfEntry & { deleted: boolean }): Promise<Ack> {
    return this.#changes.run('campaign.deleteEntry', request, async (work) => {
      const campaign = await openTo(work, request.campaignId)
      return request.deleted
        ? deleteEntry(work, campaign, request.entryId)
        : restoreEntry(work, campaign, request.entryId)
    })
  }

  /**
   * Makes one user another in a whole room: `move` transfers the membership, and the characters and whispers follow in the same
   * transaction.
   */
  moveMember(
    { roomId, from, to }: { roomId: string; from: string; to: string },
    move: (change: RoomChange) => Promise<void>,
  ): Promise<void> {
    const request = { roomId, caller: trustedCaller(systemActor), key: null, input: null }
    return this.#changes.run('campaign.moveMember', request, async (work) => {
      await move(work)
      await work.tables.entries.moveMember(roomId, from, to)
      for (const id of await work.tables.campaigns.ids(roomId)) {
        // A deleted campaign may be restored.
        const campaign = await work.tables.campaigns.find(id)
        if (!campaign) continue
        const moved = ofOtherMember(campaign.state, from, to)
        if (!moved) continue
        const change = changeTo(campaign.state, moved)
        await storeChange(work, campaign, { change, entries: [] })
      }
    })
  }

  /**
   * Takes back the last change of any DM. `step`: the one that the caller means, by its number; throws CONFLICT with `{ step }` when
   * another one is the last by now. A step of a fight gives back what it really changed; where a later step wrote the same text, list or turn,
   * CONFLICT with `{ step, later }` unless `force` is true. Throws NOTHING_TO_UNDO.
   */
  undo(request: ChangeRequest & { campaignId: string } & TurnBackChoice): Promise<UndoAnswer> {
    return this.#changes.run('campaign.undo', request, async (work) =>
      undoChange(work, await campaignIn(work.tables, work.room.id, request.campaignId), request),
    )
  }

  /** Makes again what the last undo of any DM took back. `step`, and what it throws, as above. */
  redo(request: ChangeRequest & { campaignId: string } & TurnBackChoice): Promise<UndoAnswer> {
    return this.#changes.run('campaign.redo', request, async (work) =>
      redoChange(work, await campaignIn(work.tables, work.room.id, request.campaignId), request),
    )
  }

  history(request: {
    roomId: string
    campaignId: string
    listener: Listener
    before: string | null
    limit: number
  }): Promise<HistoryPage> {
    return readHistory(this.#store, request)
  }

  /** The head of an audience's stream, which is made when there is none. */
  async openStream(roomId: string, listener: Listener): Promise<{ epoch: string; head: number }> {
    const id = roomStream(roomId, listener)
    const opened = await this.#streams.get(id)
    if (!opened) throw new Error(`stream ${id} was not opened`)
    this.#opened.add(id)
    return opened
  }

  /** The events that a client missed since `position`, or one snapshot. */
  async eventsAfter(roomId: string, listener: Listener, position: Position | null): Promise<StreamAnswer> {
    if (!this.#opened.has(roomStream(roomId, listener))) await this.openStream(roomId, listener)
    return typeof listener === 'string'
      ? readStream(this.#store, roomId, listener, position, this.#changes.now())
      : this.#memberStreams.read({ roomId, ...listener, position })
  }
}

/** A campaign whose story the caller may read: any for a DM, the active one for a player. */
async function openTo({ tables, room, actor }: Work, campaignId: string): Promise<CampaignRow> {
  const campaign = await campaignIn(tables, room.id, campaignId)
  if (actor.role !== 'dm' && room.activeCampaignId !== campaign.id) throw campaignNotFound()
  return campaign
}
