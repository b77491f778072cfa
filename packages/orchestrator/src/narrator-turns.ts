// Story by a language model: one turn a room at a time, shown while it is written, as a draft for the DM or straight to the table.
// The model changes nothing by itself: its turns go through the orchestrator like every other change.
import {
  isAtWork,
  type NarratorMode,
  type NarratorStatus,
  type NarratorTurn,
  type PublishAnswer,
  type Recap,
  type SayAnswer,
  TablecastError,
} from '@tablecast/contracts'
import type { LanguageModel, ModelNarrator } from '@tablecast/narrator'
import { derivedId, type Repositories, type Store } from '@tablecast/store'
import { KeyedQueue } from './keyed-queue.ts'
import type { Orchestrator } from './orchestrator.ts'
import { publishTurn, turnToPublish, withRolls } from './publish-turn.ts'
import { activeCampaign } from './reading.ts'
import { Recaps } from './recaps.ts'
import { type ChangeRequest, changeRoom, type RoomChange } from './room-change.ts'
import { Summaries } from './summaries.ts'
import { TokenBudget } from './token-budget.ts'
import type { TurnBroadcaster } from './turn-broadcaster.ts'
import { atWork, SERVER_STOPPED, noSuchDraft } from './turn-problems.ts'
import { ENTRIES, type RunningTurn, TurnRunner } from './turn-runner.ts'

export type NarratorTurnsDeps = {
  store: Store
  orchestrator: Orchestrator
  /** Null: none is configured, and rooms keep to the scribe. */
  model: { narrator: ModelNarrator; model: LanguageModel; windowTokens: number } | null
  /** The mode of a room whose DM chose none. */
  defaultMode: NarratorMode
  tokensPerDay: number
  /** There is no other process: a turn at work that is not this one's was cut off. */
  isAlone: boolean
  broadcaster: TurnBroadcaster
  failed(error: unknown): void
  now?: () => number
}

type OfTurn = ChangeRequest & { turnId: string }
/** Makes the request of a turn, under the room's lock. `replaces`: the turn that it is written again for. */
type Request = Pick<NarratorTurn, 'message' | 'answers'> & { replaces?: string }

/** A turn at work that no process has touched for this time was cut off with its process. */
const STALE_MS = 6_000
const STOP_POLL_INTERVAL_MS = 100

export class NarratorTurns implements AsyncDisposable {
  readonly #deps: Required<NarratorTurnsDeps>
  /** The turns that this process writes, by room. */
  readonly #running = new Map<string, RunningTurn>()
  readonly #runner: TurnRunner
  readonly #summaries: Summaries
  /** One beginning at a time in each room. */
  readonly #beginnings = new KeyedQueue()
  readonly #recaps: Recaps
  readonly #budget: TokenBudget

  constructor(deps: NarratorTurnsDeps) {
    this.#deps = { now: Date.now, ...deps }
    const { store, orchestrator, broadcaster, model, tokensPerDay, failed, now } = this.#deps
    const running = this.#running
    const budget = new TokenBudget(tokensPerDay, now)
    const summaries = new Summaries({ store, model, budget, failed })
    const isBusy = (roomId: string) => running.has(roomId)
    const recaps = new Recaps({ store, model, budget, summaries, isBusy, failed, now })
    const narrator = () => this.#model().narrator
    const publishing = { orchestrator, broadcaster }
    this.#budget = budget
    this.#summaries = summaries
    this.#recaps = recaps
    this.#runner = new TurnRunner({ ...publishing, store, running, narrator, budget, summaries, recaps, failed, now })
  }

  async status(roomId: string): Promise<NarratorStatus> {
    const { store, model, tokensPerDay } = this.#deps
    const { mode, tokensUsed } = await store.read(async (tables) => ({
      mode: this.#modeOf(await tables.narrator.room(roomId)),
      tokensUsed: await this.#budget.used(tables, roomId),
    }))
    return { model: model?.model.name ?? null, mode, tokensUsed, tokensPerDay }
  }

  /** Throws NARRATOR_UNAVAILABLE when there is no model that could do it. */
  async setMode(changeRequest: ChangeRequest & { mode: NarratorMode }): Promise<void> {
    const { mode } = changeRequest
    await this.#change('narrator.setMode', changeRequest, async ({ tables: { narrator } }) => {
      if (mode !== 'scribe') this.#model()
      const { recentMs } = await narrator.room(changeRequest.roomId)
      await narrator.putRoom(changeRequest.roomId, { mode, recentMs })
    })
  }

  /** The turn that is being written, or waits for the DM. It is `cut` when its process died. */
  async current(roomId: string): Promise<NarratorTurn | null> {
    const running = this.#running.get(roomId)
    if (running) return running.turn
    const kept = await this.#deps.store.read(({ narrator }) => narrator.turn(roomId))
    return kept && this.#asItIs(kept)
  }

  /** True for prose in a room where the DM chose the model; commands go to the scribe. */
  async takes(roomId: string, message: string): Promise<boolean> {
    const { store, model } = this.#deps
    if (!model || message.trim().startsWith('/')) return false
    return this.#modeOf(await store.read(({ narrator }) => narrator.room(roomId))) !== 'scribe'
  }

  /**
   * Begins a turn for a chat message of a DM, and returns at once. Throws NARRATOR_UNAVAILABLE, NO_ACTIVE_CAMPAIGN, CONFLICT while
   * there is another turn, NOT_THE_DM for a player's.
   */
  start(changeRequest: ChangeRequest & { message: string }): Promise<SayAnswer> {
    return this.#begin(
      'campaign.say',
      changeRequest,
      () => ({ seq: 0, version: null, message: null }),
      ({ actor }) => {
        if (actor.role !== 'dm')
          throw new TablecastError('NOT_THE_DM', 'Only a DM can ask the narrator. Write a message.')
        return Promise.resolve({ message: changeRequest.message, answers: null })
      },
    )
  }

  /** Begins a turn that answers what a player wrote. Throws like `start`, and NOT_FOUND. */
  answer(changeRequest: ChangeRequest & { entryId: string; message: string }): Promise<{ turnId: string }> {
    return this.#begin('narrator.answer', changeRequest, turnIdOf, async ({ tables, room }) => {
      const { id } = await activeCampaign(tables, room)
      const { entries } = await tables.entries.page(id, 'player', { limit: ENTRIES })
      const entry = entries.find((one) => one.id === changeRequest.entryId && !one.withdrawn)
      if (!entry)
        throw new TablecastError('NOT_FOUND', 'The narrator answers only the newest entries. Choose a newer one.')
      return { message: changeRequest.message, answers: { id: entry.id, author: entry.author.name, text: entry.text } }
    })
  }

  /** Makes the same request again and drops the text of the first one. Throws like `start`, and NOT_FOUND. */
  regenerate(changeRequest: OfTurn): Promise<{ turnId: string }> {
    return this.#begin('narrator.regenerate', changeRequest, turnIdOf, async ({ tables }) => {
      const { id, message, answers, phase } = await this.#turn(tables, changeRequest.roomId, changeRequest.turnId)
      if (isAtWork(phase)) throw atWork()
      return { message, answers, replaces: id }
    })
  }

  /** Ends the request to the model, on any node. The DM keeps the text that was written until then. Throws NOT_FOUND. */
  async cancel(changeRequest: OfTurn): Promise<void> {
    const { roomId, turnId } = changeRequest
    await this.#change('narrator.cancel', changeRequest, async ({ tables }) => {
      await this.#turn(tables, roomId, turnId)
    })
    const turn = await this.current(roomId)
    if (turn?.id === turnId && isAtWork(turn.phase)) await this.#stop(roomId, turnId)
  }

  async discard(changeRequest: OfTurn): Promise<void> {
    const { roomId, turnId } = changeRequest
    // The right is asked for before anything is stopped, and again when the turn is removed.
    await this.#change('narrator.discard', { ...changeRequest, key: null }, () => Promise.resolve())
    const turn = await this.current(roomId)
    if (turn?.id === turnId && isAtWork(turn.phase)) await this.#stop(roomId, turnId)
    let isNew = false
    await this.#change('narrator.discard', changeRequest, async ({ tables }) => {
      isNew = true
      await tables.narrator.removeTurn(roomId, turnId)
    })
    if (isNew) this.#deps.broadcaster.turn(roomId, null)
  }

  /** Does nothing where this process does not write that turn. */
  stopHere(roomId: string, turnId: string): void {
    this.#runner.stop(roomId, turnId)
  }

  /** Throws NOT_FOUND, CONFLICT while it is being written, or when its changes do not fit any more. */
  publish(changeRequest: OfTurn & { text: string | undefined; withPatch: boolean }): Promise<PublishAnswer> {
    const { roomId, turnId, text, withPatch } = changeRequest
    return publishTurn(this.#deps, changeRequest, async (repositories) => {
      const turn = await this.#turn(repositories, roomId, turnId)
      if (isAtWork(turn.phase)) throw atWork()
      const prose = text ?? withRolls(turn.text, turn.rolls)
      if (!prose.trim())
        throw new TablecastError('VALIDATION_FAILED', 'The draft is empty. Write something, or discard it.')
      return turnToPublish(turn, { prose, patch: withPatch ? turn.patch : null, ifMoved: 'refuse' })
    })
  }

  /** “Previously…”, only from what players were shown. Throws NO_ACTIVE_CAMPAIGN. */
  recap(roomId: string): Promise<Recap> {
    return this.#recaps.recap(roomId)
  }

  /** Cuts off what is being written, and offers it to the DM again. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#recaps.stopAll()
    await this.#runner[Symbol.asyncDispose]()
    await this.#summaries[Symbol.asyncDispose]()
  }

  #model() {
    const { model } = this.#deps
    if (!model)
      throw new TablecastError(
        'NARRATOR_UNAVAILABLE',
        'There is no language model here: the operator sets LLM_BASE_URL and LLM_MODEL.',
      )
    return model
  }

  #modeOf({ mode }: { mode: NarratorMode | null }): NarratorMode {
    return this.#deps.model ? (mode ?? this.#deps.defaultMode) : 'scribe'
  }

  #asItIs({ turn, touchedMs }: { turn: NarratorTurn; touchedMs: number }): NarratorTurn {
    const isFresh = !this.#deps.isAlone && this.#deps.now() - touchedMs < STALE_MS
    if (!isAtWork(turn.phase) || isFresh) return turn
    return turn.text
      ? { ...turn, phase: 'cut', problem: SERVER_STOPPED }
      : { ...turn, phase: 'failed', problem: SERVER_STOPPED }
  }

  #change<T>(procedure: string, changeRequest: ChangeRequest, work: (change: RoomChange) => Promise<T>): Promise<T> {
    const { store, now } = this.#deps
    return changeRoom(store, procedure, changeRequest, new Date(now()).toISOString(), work)
  }

  /** The turn as it stands: in memory while this process writes it, else from the database. Throws NOT_FOUND. */
  async #turn({ narrator }: Repositories, roomId: string, turnId: string): Promise<NarratorTurn> {
    const running = this.#running.get(roomId)
    if (running?.turn.id === turnId) return running.turn
    const kept = await narrator.turn(roomId)
    if (kept?.turn.id !== turnId) throw noSuchDraft()
    return this.#asItIs(kept)
  }

  /** Resolves when no process writes it any more, or none that does could be reached in `STALE_MS`. */
  async #stop(roomId: string, turnId: string): Promise<void> {
    const running = this.#running.get(roomId)
    if (running?.turn.id === turnId) {
      this.stopHere(roomId, turnId)
      return running.done
    }
    const until = this.#deps.now() + STALE_MS
    this.#deps.broadcaster.stop(roomId, turnId)
    while (this.#deps.now() < until) {
      const turn = await this.current(roomId)
      if (turn?.id !== turnId || !isAtWork(turn.phase)) return
      await new Promise((resolve) => setTimeout(resolve, STOP_POLL_INTERVAL_MS))
    }
  }

  /** Begins what `request` asks for, unless the key was answered before. */
  #begin<T>(
    procedure: string,
    changeRequest: ChangeRequest,
    answer: (turnId: string) => T,
    request: (change: RoomChange) => Promise<Request>,
  ): Promise<T> {
    const { roomId } = changeRequest
    const inTurn = async (deadline: number) => {
      let begun = null as NarratorTurn | null
      const answered = await this.#change(procedure, { ...changeRequest, deadline }, async (change) => {
        begun = await this.#made(change, idOf(changeRequest), await request(change))
        return answer(begun.id)
      })
      if (begun) this.#runner.start(roomId, begun, changeRequest)
      return answered
    }
    return this.#beginnings.run(roomId, inTurn, changeRequest.deadline)
  }

  /** Stores a turn that is about to be written. */
  async #made(
    { tables, room }: RoomChange,
    id: string,
    { message, answers, replaces }: Request,
  ): Promise<NarratorTurn> {
    this.#model()
    const { now } = this.#deps
    const roomId = room.id
    if (this.#running.has(roomId)) throw atWork()
    const kept = await tables.narrator.turn(roomId)
    const before = kept && this.#asItIs(kept)
    if (before && before.id !== replaces) {
      if (isAtWork(before.phase)) throw atWork()
      if (before.phase === 'ready')
        throw new TablecastError('CONFLICT', 'A draft waits: publish or discard it before the next one is written.')
    }
    if (await this.#budget.isSpent(tables, roomId))
      throw new TablecastError(
        'NARRATOR_UNAVAILABLE',
        'The narrator’s tokens of this room are used up for today. Write it yourself.',
      )
    const campaign = await activeCampaign(tables, room)
    const { mode, recentMs } = await tables.narrator.room(roomId)
    const made: NarratorTurn = {
      id,
      campaignId: campaign.id,
      mode: this.#modeOf({ mode }) === 'auto' ? 'auto' : 'draft',
      message,
      answers,
      phase: 'received',
      startedAt: new Date(now()).toISOString(),
      estimateMs: median(recentMs),
      text: '',
      patch: null,
      changes: [],
      rolls: [],
      notices: [],
      problem: null,
      baseVersion: campaign.version,
    }
    await tables.narrator.putTurn(roomId, made, now())
    return made
  }
}

/** The turn that a call begins, the same at each repeat. */
const idOf = ({ caller, key }: ChangeRequest): string => derivedId('t', caller.userId, key ?? crypto.randomUUID())

const turnIdOf = (turnId: string) => ({ turnId })

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? null
}
