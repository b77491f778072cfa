import { describePatch, type NarratorTurn, type StatePatch, TablecastError, startOf } from '@tablecast/contracts'
import type { ModelNarrator, StoryRequest } from '@tablecast/narrator'
import type { CampaignRow, Repositories, Store } from '@tablecast/store'
import { changeState } from './change.ts'
import { type PublishDeps, publishTurn, turnToPublish, withRolls } from './publish-turn.ts'
import type { Recaps } from './recaps.ts'
import type { ChangeRequest } from './room-change.ts'
import type { Summaries } from './summaries.ts'
import type { TokenBudget } from './token-budget.ts'
import { cancelled, SERVER_STOPPED } from './turn-problems.ts'

export type RunningTurn = { turn: NarratorTurn; abort: AbortController; done: Promise<void> }

export type TurnRunnerDeps = PublishDeps & {
  store: Store
  running: Map<string, RunningTurn>
  /** Throws NARRATOR_UNAVAILABLE when there is none. */
  narrator(): ModelNarrator
  budget: TokenBudget
  summaries: Summaries
  recaps: Recaps
  failed(error: unknown): void
  now(): number
}

/** A turn at work is stored at most this often, so that little of it is lost with the process. */
const KEEP_INTERVAL_MS = 1_000
/** The shortest time between two updates of a model's thoughts for the DM. */
const THOUGHT_INTERVAL_MS = 500
/** Characters of a model's thoughts that are kept. */
const MAX_REASONING = 20_000
/** The newest entries that the model reads word for word. */
export const ENTRIES = 60
const RECENT_TURNS = 10

/** Has the model write a turn, shows and stores it meanwhile, and publishes it or leaves it as a draft. One a room at a time. */
export class TurnRunner implements AsyncDisposable {
  readonly #deps: TurnRunnerDeps
  readonly #closing = new AbortController()

  constructor(deps: TurnRunnerDeps) {
    this.#deps = deps
  }

  /** The turn is stored already; `by` asked for it. */
  start(roomId: string, turn: NarratorTurn, by: ChangeRequest): void {
    const work: RunningTurn = { turn, abort: new AbortController(), done: Promise.resolve() }
    this.#deps.running.set(roomId, work)
    this.#deps.broadcaster.turn(roomId, turn)
    work.done = this.#run(roomId, work, by).finally(() => this.#deps.running.delete(roomId))
  }

  /** Does nothing where this process does not write that turn. */
  stop(roomId: string, turnId: string): void {
    const running = this.#deps.running.get(roomId)
    if (running?.turn.id === turnId) running.abort.abort(cancelled())
  }

  /** Cuts off what is being written, and offers it to the DM again. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(cancelled())
    const running = [...this.#deps.running.values()]
    for (const { abort } of running) abort.abort(cancelled())
    await Promise.all(running.map(({ done }) => done))
  }

  async #run(roomId: string, work: RunningTurn, by: ChangeRequest): Promise<void> {
    const { store, broadcaster, now, failed } = this.#deps
    const begin = now()
    let keptAt = begin
    const show = (change: Partial<NarratorTurn>) => {
      work.turn = { ...work.turn, ...change }
      broadcaster.turn(roomId, work.turn)
    }
    const keep = () => {
      keptAt = now()
      const { turn } = work
      return store.write(async ({ rooms, narrator }) => {
        await rooms.lock(roomId)
        // Another node may have published or discarded it: it must not come back.
        if ((await narrator.turn(roomId))?.turn.id === turn.id) await narrator.putTurn(roomId, turn, keptAt)
      })
    }
    let lastKept = Promise.resolve()
    // Also while no text comes: a turn that is not touched counts as cut off.
    const keeping = setInterval(() => {
      if (now() - keptAt >= KEEP_INTERVAL_MS) lastKept = keep().catch(failed)
    }, KEEP_INTERVAL_MS)
    try {
      try {
        await this.#write(roomId, work, show)
      } finally {
        clearInterval(keeping)
        // A late write would bring back a turn that is published or discarded by then.
        await lastKept
      }
      if (work.turn.mode === 'auto') {
        const { turn } = work
        const prose = withRolls(turn.text, turn.rolls)
        // The DM who asked may have been removed meanwhile: it stays a draft then.
        const changeRequest = { roomId, caller: by.caller, key: null, input: null }
        await publishTurn(this.#deps, changeRequest, () =>
          Promise.resolve(turnToPublish(turn, { prose, patch: turn.patch, ifMoved: 'leave_out' })),
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
    this.#deps.summaries.roll(roomId, work.turn.campaignId)
  }

  async #write(roomId: string, work: RunningTurn, show: (change: Partial<NarratorTurn>) => void): Promise<void> {
    const { store, broadcaster, budget, recaps, summaries, narrator, now } = this.#deps
    const { request, campaign } = await store.read((repositories) => this.#request(repositories, work.turn))
    recaps.stop(roomId)
    await summaries.stop(campaign.id)
    show({ phase: 'thinking', baseVersion: campaign.version })
    const check = (patch: StatePatch) => wrongWith(campaign, patch)
    let thoughtShownAt = 0
    for await (const part of narrator().narrate(request, check, work.abort.signal)) {
      if (part.type === 'text') {
        if (work.turn.phase !== 'writing') show({ phase: 'writing' })
        const at = work.turn.text.length
        work.turn = { ...work.turn, text: work.turn.text + part.text }
        broadcaster.text(roomId, work.turn, at, part.text)
      } else if (part.type === 'restart') {
        show({ text: '' })
      } else if (part.type === 'reasoning') {
        const reasoning = startOf(`${work.turn.reasoning ?? ''}${part.text}`, MAX_REASONING)
        work.turn = { ...work.turn, reasoning }
        if (now() - thoughtShownAt < THOUGHT_INTERVAL_MS) continue
        thoughtShownAt = now()
        show({})
      } else if (part.type === 'checking') {
        show({ phase: 'checking' })
      } else {
        await store.write((repositories) => budget.spend(repositories, roomId, part.tokens))
        const { text, patch, rolls, notices } = part
        if (!text)
          throw new TablecastError('NARRATOR_UNAVAILABLE', 'The narrator’s model had nothing to say: try again.')
        show({ text, patch, rolls, notices, changes: patch ? describePatch(campaign.state, patch) : [] })
      }
    }
  }

  async #request(
    repositories: Repositories,
    { campaignId, mode, message, answers }: NarratorTurn,
  ): Promise<{ request: StoryRequest; campaign: CampaignRow }> {
    const campaign = await repositories.campaigns.get(campaignId)
    if (!campaign) throw new TablecastError('CAMPAIGN_NOT_FOUND', 'There is no such campaign any more. Choose another.')
    const answered = answers ? await repositories.entries.find(campaignId, [answers.id]) : []
    if (answered.some(({ withdrawn }) => withdrawn))
      throw new TablecastError('CONFLICT', 'The entry that it answers was taken back. Ask again.')
    if (answered.some(({ text }) => text !== answers?.text))
      throw new TablecastError('CONFLICT', 'The entry that it answers was edited. Ask again.')
    // A turn that no DM reads before the table must come from what the table knows.
    const audience = mode === 'auto' ? 'player' : 'dm'
    const { entries } = await repositories.entries.page(campaignId, audience, { limit: ENTRIES })
    const summary = (await repositories.narrator.summary(campaignId))?.text ?? null
    return { request: { state: campaign.state, audience, entries, summary, message, answers }, campaign }
  }

  /** The DM keeps the text that was written; a cancelled turn without text is removed. */
  async #ended(
    roomId: string,
    work: RunningTurn,
    error: unknown,
    show: (change: Partial<NarratorTurn>) => void,
    keep: () => Promise<void>,
  ): Promise<void> {
    const isCancelled = work.abort.signal.aborted
    if (!(error instanceof TablecastError)) this.#deps.failed(error)
    const problem = error instanceof TablecastError ? error.message : 'something went wrong on the server: try again'
    if (isCancelled && !work.turn.text && !this.#closing.signal.aborted) return this.#remove(roomId, work.turn.id)
    show({
      phase: work.turn.text ? 'cut' : 'failed',
      text: work.turn.text.trim(),
      problem: this.#closing.signal.aborted ? SERVER_STOPPED : isCancelled ? 'You stopped it.' : problem,
    })
    await keep()
  }

  async #remove(roomId: string, turnId: string): Promise<void> {
    const { store, broadcaster } = this.#deps
    await store.write(({ narrator }) => narrator.removeTurn(roomId, turnId))
    broadcaster.turn(roomId, null)
  }

  /** The times that turns took, from which the next one's is estimated. */
  async #remember(roomId: string, ms: number): Promise<void> {
    await this.#deps.store.write(async ({ rooms, narrator }) => {
      await rooms.lock(roomId)
      const { mode, recentMs } = await narrator.room(roomId)
      await narrator.putRoom(roomId, { mode, recentMs: [...recentMs, Math.round(ms)].slice(-RECENT_TURNS) })
    })
  }
}

const NOT_PUBLISHED = 'It was not published: the DM who asked for it is no DM of this table any more.'
/** The DM who asked for it was removed, or made a player, while it was written. */
const isRemoval = (error: unknown) =>
  error instanceof TablecastError && (error.code === 'NOT_A_MEMBER' || error.code === 'NOT_THE_DM')

function wrongWith({ state }: CampaignRow, patch: StatePatch): string | null {
  try {
    changeState(state, patch)
    return null
  } catch (error) {
    return error instanceof TablecastError ? error.message : 'it does not fit the state'
  }
}
