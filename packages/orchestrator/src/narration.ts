// Story by a language model: one turn a room at a time, told while it is written, a draft for the DM or straight to the table. The
// model never changes anything by itself: what it wrote goes through the orchestrator like everything else.
import {
  type Ack,
  describePatch,
  isAtWork,
  type NarratorMode,
  type NarratorStatus,
  type NarratorTurn,
  type Recap,
  type RollRequest,
  type SayAnswer,
  type StatePatch,
  TablecastError,
} from '@tablecast/contracts'
import type { LanguageModel, ModelNarrator, StoryRequest } from '@tablecast/narrator'
import { type CampaignRow, derivedId, type Store, type Tables } from '@tablecast/store'
import { changeState } from './change.ts'
import type { Orchestrator, TurnToPublish } from './orchestrator.ts'
import { activeCampaign } from './reading.ts'
import { Recaps } from './recaps.ts'
import { type Asked, changeRoom, type RoomChange } from './room-change.ts'
import { KeyedQueue } from './keyed-queue.ts'
import { Summaries } from './summaries.ts'
import { TokenBudget } from './token-budget.ts'

/** Told of each turn while it lives; null when it is gone. Players may be told of it what `turnForPlayers` leaves of it. */
export interface NarrationTeller {
  turn(roomId: string, turn: NarratorTurn | null): void
  /** More text, at that place in the turn's own. */
  text(roomId: string, turn: NarratorTurn, at: number, text: string): void
  /** Asks whoever writes that turn, on another node, to stop. */
  stop(roomId: string, turnId: string): void
}

export type NarrationParts = {
  store: Store
  orchestrator: Orchestrator
  /** Null: none is configured, and rooms keep to the scribe. */
  model: { narrator: ModelNarrator; model: LanguageModel; windowTokens: number } | null
  /** Of rooms whose DM chose none. */
  defaultMode: NarratorMode
  tokensPerDay: number
  /** There is no other process: a turn at work that is not this one's was cut off. */
  isAlone: boolean
  teller: NarrationTeller
  failed(error: unknown): void
  now?: () => number
}

type OfTurn = Asked & { turnId: string }
/** What makes the request of a turn, under the room's lock. */
type Request = Pick<NarratorTurn, 'message' | 'answers'> & { replaces?: string }
type Published = Ack & { isPatchLeftOut: boolean }
type Running = { turn: NarratorTurn; abort: AbortController; done: Promise<void> }

/** What is being written is kept so often, so that little of it is lost with the process. */
const KEEP_MS = 1_000
/** A turn at work that nobody has touched for so long was cut off with its process. */
const STALE_MS = 6_000
const STOP_LOOK_MS = 100
/** The shortest time between two updates of a model's thoughts for the DM. */
const THOUGHT_MS = 500
/** Characters of a model's thoughts that are kept. */
const MAX_REASONING = 20_000
const ENTRIES = 60
const RECENT_TURNS = 10

export class Narration implements AsyncDisposable {
  readonly #parts: Required<NarrationParts>
  readonly #summaries: Summaries
  readonly #running = new Map<string, Running>()
  /** One beginning at a time in each room. */
  readonly #beginnings = new KeyedQueue()
  readonly #recaps: Recaps
  readonly #budget: TokenBudget
  readonly #closing = new AbortController()

  constructor(parts: NarrationParts) {
    this.#parts = { now: Date.now, ...parts }
    const { store, model, tokensPerDay, failed, now } = this.#parts
    const budget = new TokenBudget(tokensPerDay, now)
    const summaries = new Summaries({ store, model, budget, failed })
    const isBusy = (roomId: string) => this.#running.has(roomId)
    this.#budget = budget
    this.#summaries = summaries
    this.#recaps = new Recaps({ store, model, budget, summaries, isBusy, failed, now })
  }

  async status(roomId: string): Promise<NarratorStatus> {
    const { store, model, tokensPerDay } = this.#parts
    const { mode, tokensUsed } = await store.read(async (tables) => ({
      mode: this.#modeOf(await tables.narrator.room(roomId)),
      tokensUsed: await this.#budget.used(tables, roomId),
    }))
    return { model: model?.model.name ?? null, mode, tokensUsed, tokensPerDay }
  }

  /** Throws NARRATOR_UNAVAILABLE when there is no model that could do it. */
  async setMode(asked: Asked & { mode: NarratorMode }): Promise<void> {
    const { mode } = asked
    await this.#change('narrator.setMode', asked, async ({ tables: { narrator } }) => {
      if (mode !== 'scribe') this.#model()
      const { recentMs } = await narrator.room(asked.roomId)
      await narrator.putRoom(asked.roomId, { mode, recentMs })
    })
  }

  /** The turn that is being written, or waits for the DM. One whose process died is `cut`. */
  async current(roomId: string): Promise<NarratorTurn | null> {
    const running = this.#running.get(roomId)
    if (running) return running.turn
    const kept = await this.#parts.store.read(({ narrator }) => narrator.turn(roomId))
    return kept && this.#asItIs(kept)
  }

  /** Whether a DM's message is one for the model: prose, where the room's DM chose so. */
  async takes(roomId: string, message: string): Promise<boolean> {
    const { store, model } = this.#parts
    if (!model || message.trim().startsWith('/')) return false
    return this.#modeOf(await store.read(({ narrator }) => narrator.room(roomId))) !== 'scribe'
  }

  /**
   * Begins a turn for a chat message of a DM, and returns at once. Throws NARRATOR_UNAVAILABLE, NO_ACTIVE_CAMPAIGN, CONFLICT while
   * there is another turn, NOT_THE_DM for a player's.
   */
  start(asked: Asked & { message: string }): Promise<SayAnswer> {
    return this.#begin(
      'campaign.say',
      asked,
      () => ({ seq: 0, version: null, message: null }),
      ({ actor }) => {
        if (actor.role !== 'dm') throw new TablecastError('NOT_THE_DM', 'only a DM has the narrator tell something')
        return Promise.resolve({ message: asked.message, answers: null })
      },
    )
  }

  /** Begins a turn that answers what a player wrote. Throws like `start`, and NOT_FOUND. */
  answer(asked: Asked & { entryId: string; message: string }): Promise<{ turnId: string }> {
    return this.#begin('narrator.answer', asked, turnIdOf, async ({ tables, room }) => {
      const { id } = await activeCampaign(tables, room)
      const { entries } = await tables.entries.page(id, 'player', { limit: ENTRIES })
      const entry = entries.find((one) => one.id === asked.entryId && !one.withdrawn)
      if (!entry) throw new TablecastError('NOT_FOUND', 'there is no such entry among the newest ones')
      return { message: asked.message, answers: { id: entry.id, author: entry.author.name, text: entry.text } }
    })
  }

  /** The same request once more; what was written is gone. Throws like `start`, and NOT_FOUND. */
  regenerate(asked: OfTurn): Promise<{ turnId: string }> {
    return this.#begin('narrator.regenerate', asked, turnIdOf, async ({ tables }) => {
      const { id, message, answers, phase } = await this.#turn(tables, asked.roomId, asked.turnId)
      if (isAtWork(phase)) throw atWork()
      return { message, answers, replaces: id }
    })
  }

  /** Ends the request to the model, wherever it is; what was written until then stays with the DM. Throws NOT_FOUND. */
  async cancel(asked: OfTurn): Promise<void> {
    const { roomId, turnId } = asked
    await this.#change('narrator.cancel', asked, async ({ tables }) => {
      await this.#turn(tables, roomId, turnId)
    })
    const turn = await this.current(roomId)
    if (turn?.id === turnId && isAtWork(turn.phase)) await this.#stop(roomId, turnId)
  }

  async discard(asked: OfTurn): Promise<void> {
    const { roomId, turnId } = asked
    // Asked before something is stopped, and again when it is removed.
    await this.#change('narrator.discard', { ...asked, key: null }, () => Promise.resolve())
    const turn = await this.current(roomId)
    if (turn?.id === turnId && isAtWork(turn.phase)) await this.#stop(roomId, turnId)
    let isNew = false
    await this.#change('narrator.discard', asked, async ({ tables }) => {
      isNew = true
      await tables.narrator.removeTurn(roomId, turnId)
    })
    if (isNew) this.#parts.teller.turn(roomId, null)
  }

  /** This process stops writing that turn, if it does. */
  stopHere(roomId: string, turnId: string): void {
    const running = this.#running.get(roomId)
    if (running?.turn.id === turnId) running.abort.abort(cancelled())
  }

  /** Throws NOT_FOUND, CONFLICT while it is being written, or when its changes do not fit any more. */
  publish(asked: OfTurn & { text: string | undefined; withPatch: boolean }): Promise<Published> {
    const { roomId, turnId, text, withPatch } = asked
    return this.#publish(asked, async (tables) => {
      const turn = await this.#turn(tables, roomId, turnId)
      if (isAtWork(turn.phase)) throw atWork()
      const prose = text ?? withRolls(turn.text, turn.rolls)
      if (!prose.trim()) throw new TablecastError('VALIDATION_FAILED', 'text: there is nothing to publish')
      return toPublish(turn, { prose, patch: withPatch ? turn.patch : null, ifMoved: 'refuse' })
    })
  }

  /** “Previously…”, from what players were shown alone. Throws NO_ACTIVE_CAMPAIGN. */
  recap(roomId: string): Promise<Recap> {
    return this.#recaps.recap(roomId)
  }

  /** What is being written is cut off, and offered to the DM again. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(cancelled())
    this.#recaps.stopAll()
    for (const { abort } of this.#running.values()) abort.abort(cancelled())
    await Promise.all([...this.#running.values()].map(({ done }) => done))
    await this.#summaries[Symbol.asyncDispose]()
  }

  #model() {
    const { model } = this.#parts
    if (!model)
      throw new TablecastError(
        'NARRATOR_UNAVAILABLE',
        'there is no language model here: the operator sets LLM_BASE_URL and LLM_MODEL',
      )
    return model
  }

  #modeOf({ mode }: { mode: NarratorMode | null }): NarratorMode {
    return this.#parts.model ? (mode ?? this.#parts.defaultMode) : 'scribe'
  }

  #asItIs({ turn, touchedMs }: { turn: NarratorTurn; touchedMs: number }): NarratorTurn {
    const isFresh = !this.#parts.isAlone && this.#parts.now() - touchedMs < STALE_MS
    if (!isAtWork(turn.phase) || isFresh) return turn
    return turn.text ? { ...turn, phase: 'cut', problem: CUT_OFF } : { ...turn, phase: 'failed', problem: CUT_OFF }
  }

  #change<T>(procedure: string, asked: Asked, work: (change: RoomChange) => Promise<T>): Promise<T> {
    const { store, now } = this.#parts
    return changeRoom(store, procedure, asked, new Date(now()).toISOString(), work)
  }

  /** As it stands: here while it is being written, else in the database. Throws NOT_FOUND. */
  async #turn({ narrator }: Tables, roomId: string, turnId: string): Promise<NarratorTurn> {
    const running = this.#running.get(roomId)
    if (running?.turn.id === turnId) return running.turn
    const kept = await narrator.turn(roomId)
    if (kept?.turn.id !== turnId) throw noSuchDraft()
    return this.#asItIs(kept)
  }

  /** Resolves when nobody writes it any more, or nobody could be reached who does. */
  async #stop(roomId: string, turnId: string): Promise<void> {
    const running = this.#running.get(roomId)
    if (running?.turn.id === turnId) {
      this.stopHere(roomId, turnId)
      return running.done
    }
    const until = this.#parts.now() + STALE_MS
    this.#parts.teller.stop(roomId, turnId)
    while (this.#parts.now() < until) {
      const turn = await this.current(roomId)
      if (turn?.id !== turnId || !isAtWork(turn.phase)) return
      await new Promise((resolve) => setTimeout(resolve, STOP_LOOK_MS))
    }
  }

  async #remove(roomId: string, turnId: string): Promise<void> {
    await this.#parts.store.write(({ narrator }) => narrator.removeTurn(roomId, turnId))
    this.#parts.teller.turn(roomId, null)
  }

  /** Begins what `request` asks for, unless the key was answered before. */
  #begin<T>(
    procedure: string,
    asked: Asked,
    answer: (turnId: string) => T,
    request: (change: RoomChange) => Promise<Request>,
  ): Promise<T> {
    const { roomId } = asked
    const inTurn = async (deadline: number) => {
      let begun = null as NarratorTurn | null
      const answered = await this.#change(procedure, { ...asked, deadline }, async (change) => {
        begun = await this.#made(change, idOf(asked), await request(change))
        return answer(begun.id)
      })
      if (begun) this.#go(roomId, begun, asked)
      return answered
    }
    return this.#beginnings.run(roomId, inTurn, asked.deadline)
  }

  /** Stores a turn that is about to be written. */
  async #made(
    { tables, room }: RoomChange,
    id: string,
    { message, answers, replaces }: Request,
  ): Promise<NarratorTurn> {
    this.#model()
    const { now } = this.#parts
    const roomId = room.id
    if (this.#running.has(roomId)) throw atWork()
    const kept = await tables.narrator.turn(roomId)
    const before = kept && this.#asItIs(kept)
    if (before && before.id !== replaces) {
      if (isAtWork(before.phase)) throw atWork()
      if (before.phase === 'ready')
        throw new TablecastError('CONFLICT', 'a draft waits: publish or discard it before the next one is written')
    }
    if (await this.#budget.isSpent(tables, roomId))
      throw new TablecastError('NARRATOR_UNAVAILABLE', 'the narrator’s tokens of this room are used up for today')
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

  #go(roomId: string, turn: NarratorTurn, by: Asked): void {
    const work: Running = { turn, abort: new AbortController(), done: Promise.resolve() }
    this.#running.set(roomId, work)
    this.#parts.teller.turn(roomId, turn)
    work.done = this.#run(roomId, work, by).finally(() => this.#running.delete(roomId))
  }

  async #run(roomId: string, work: Running, by: Asked): Promise<void> {
    const { store, teller, now, failed } = this.#parts
    const begin = now()
    let keptAt = begin
    const show = (change: Partial<NarratorTurn>) => {
      work.turn = { ...work.turn, ...change }
      teller.turn(roomId, work.turn)
    }
    const keep = () => {
      keptAt = now()
      const { turn } = work
      return store.write(async ({ rooms, narrator }) => {
        await rooms.lock(roomId)
        // Published or thrown away on another node: it does not come back.
        if ((await narrator.turn(roomId))?.turn.id === turn.id) await narrator.putTurn(roomId, turn, keptAt)
      })
    }
    let lastKept = Promise.resolve()
    // Also while nothing comes, so that nobody takes it for dead.
    const keeping = setInterval(() => {
      if (now() - keptAt >= KEEP_MS) lastKept = keep().catch(failed)
    }, KEEP_MS)
    try {
      try {
        await this.#write(roomId, work, show)
      } finally {
        clearInterval(keeping)
        // A late one would bring back what is published or thrown away by then.
        await lastKept
      }
      if (work.turn.mode === 'auto') {
        const { turn } = work
        const prose = withRolls(turn.text, turn.rolls)
        // Whoever asked for it may have been removed while it was written: it stays a draft then.
        const asked = { roomId, caller: by.caller, key: null, input: null }
        await this.#publish(asked, () =>
          Promise.resolve(toPublish(turn, { prose, patch: turn.patch, ifMoved: 'leave_out' })),
        )
      } else {
        show({ phase: 'ready' })
        await keep()
      }
    } catch (error) {
      if (!isRemoval(error)) return this.#ended(roomId, work, error, show, keep).catch(failed)
      show({ phase: 'ready', notices: [...work.turn.notices, NOT_PUBLISHED] })
      return keep().catch(failed)
    }
    await this.#remember(roomId, now() - begin).catch(failed)
    this.#summaries.roll(roomId, work.turn.campaignId)
  }

  async #write(roomId: string, work: Running, show: (change: Partial<NarratorTurn>) => void): Promise<void> {
    const { store, teller, now } = this.#parts
    const { narrator } = this.#model()
    const { request, campaign } = await store.read(async (tables) => this.#request(tables, work.turn))
    this.#recaps.stop(roomId)
    await this.#summaries.stop(campaign.id)
    show({ phase: 'thinking', baseVersion: campaign.version })
    const check = (patch: StatePatch) => wrongWith(campaign, patch)
    let thoughtShownAt = 0
    for await (const part of narrator.tell(request, check, work.abort.signal)) {
      if (part.type === 'text') {
        if (work.turn.phase !== 'writing') show({ phase: 'writing' })
        const at = work.turn.text.length
        work.turn = { ...work.turn, text: work.turn.text + part.text }
        teller.text(roomId, work.turn, at, part.text)
      } else if (part.type === 'restart') {
        show({ text: '' })
      } else if (part.type === 'reasoning') {
        const reasoning = `${work.turn.reasoning ?? ''}${part.text}`.slice(0, MAX_REASONING)
        work.turn = { ...work.turn, reasoning }
        if (now() - thoughtShownAt < THOUGHT_MS) continue
        thoughtShownAt = now()
        show({})
      } else if (part.type === 'checking') {
        show({ phase: 'checking' })
      } else {
        await store.write((tables) => this.#budget.spend(tables, roomId, part.tokens))
        const { text, patch, rolls, notices } = part
        if (!text)
          throw new TablecastError('NARRATOR_UNAVAILABLE', 'the narrator’s model had nothing to say: try again')
        show({ text, patch, rolls, notices, changes: patch ? describePatch(campaign.state, patch) : [] })
      }
    }
  }

  async #request(
    tables: Tables,
    { campaignId, mode, message, answers }: NarratorTurn,
  ): Promise<{ request: StoryRequest; campaign: CampaignRow }> {
    const campaign = await tables.campaigns.get(campaignId)
    if (!campaign) throw new TablecastError('CAMPAIGN_NOT_FOUND', 'there is no such campaign')
    const answered = answers ? await tables.entries.find(campaignId, [answers.id]) : []
    if (answered.some(({ withdrawn }) => withdrawn))
      throw new TablecastError('CONFLICT', 'the entry that it answers was taken back')
    // Straight to the table goes only what a model wrote that knows no more than the table.
    const audience = mode === 'auto' ? 'player' : 'dm'
    const { entries } = await tables.entries.page(campaignId, audience, { limit: ENTRIES })
    const summary = (await tables.narrator.summary(campaignId))?.text ?? null
    return { request: { state: campaign.state, audience, entries, summary, message, answers }, campaign }
  }

  async #publish(asked: Asked, turn: (tables: Tables) => Promise<TurnToPublish>): Promise<Published> {
    const { orchestrator, teller } = this.#parts
    let isNew = false
    const published = await orchestrator.publishTurn({
      ...asked,
      turn: (tables) => {
        isNew = true
        return turn(tables)
      },
    })
    if (isNew) teller.turn(asked.roomId, null)
    return published
  }

  /** What there is of it stays with the DM; of nothing there is nothing to keep. */
  async #ended(
    roomId: string,
    work: Running,
    error: unknown,
    show: (change: Partial<NarratorTurn>) => void,
    keep: () => Promise<void>,
  ): Promise<void> {
    const isCancelled = work.abort.signal.aborted
    if (!(error instanceof TablecastError)) this.#parts.failed(error)
    const problem = error instanceof TablecastError ? error.message : 'something went wrong on the server: try again'
    if (isCancelled && !work.turn.text && !this.#closing.signal.aborted) return this.#remove(roomId, work.turn.id)
    show({
      phase: work.turn.text ? 'cut' : 'failed',
      text: work.turn.text.trim(),
      problem: this.#closing.signal.aborted ? CUT_OFF : isCancelled ? 'You stopped it.' : problem,
    })
    await keep()
  }

  async #remember(roomId: string, ms: number): Promise<void> {
    await this.#parts.store.write(async ({ rooms, narrator }) => {
      await rooms.lock(roomId)
      const { mode, recentMs } = await narrator.room(roomId)
      await narrator.putRoom(roomId, { mode, recentMs: [...recentMs, Math.round(ms)].slice(-RECENT_TURNS) })
    })
  }
}

/** The turn that a call begins, the same at each repeat. */
const idOf = ({ caller, key }: Asked): string => derivedId('t', caller.userId, key ?? crypto.randomUUID())

const turnIdOf = (turnId: string) => ({ turnId })

const toPublish = (
  { id, campaignId, baseVersion }: NarratorTurn,
  { prose, patch, ifMoved }: Pick<TurnToPublish, 'patch' | 'ifMoved'> & { prose: string },
): TurnToPublish => {
  const entries = [{ kind: 'narration' as const, text: prose, rolls: [], audience: 'all' as const }]
  return { id, campaignId, baseVersion, entries, patch, ifMoved }
}

const NOT_PUBLISHED = 'It was not published: the DM who asked for it is no DM of this table any more.'
/** Whoever asked for it was removed, or made a player, while it was written. */
const isRemoval = (error: unknown) =>
  error instanceof TablecastError && (error.code === 'NOT_A_MEMBER' || error.code === 'NOT_THE_DM')

const CUT_OFF = 'It was cut off when the server stopped. You can publish what there is, or have it written anew.'
const noSuchDraft = () => new TablecastError('NOT_FOUND', 'there is no such draft any more')
const cancelled = () => new TablecastError('CONFLICT', 'it was stopped')
const atWork = () => new TablecastError('CONFLICT', 'the narrator is writing already: wait for it, or stop it')

function wrongWith({ state }: CampaignRow, patch: StatePatch): string | null {
  try {
    changeState(state, patch)
    return null
  } catch (error) {
    return error instanceof TablecastError ? error.message : 'it does not fit the state'
  }
}

/** What is to be rolled stands below the prose, for whoever rolls it. */
const withRolls = (text: string, rolls: readonly RollRequest[]): string =>
  [
    text,
    ...rolls.map(({ who, notation, why }) => `*${who ? `${who}, roll` : 'Roll'} ${notation}${why ? `: ${why}` : ''}*`),
  ].join('\n\n')

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? null
}
