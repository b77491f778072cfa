// “Previously…”, only from what players were shown: by the model, or gathered from the story.
import { type NarrativeEntry, playerView, type Recap, TablecastError } from '@tablecast/contracts'
import { extractRecap, type LanguageModel, recapPrompt } from '@tablecast/narrator'
import type { CampaignRow, Store } from '@tablecast/store'
import { activeCampaign } from './reading.ts'
import { areUnchanged, type Source } from './sources.ts'
import type { Summaries } from './summaries.ts'
import type { TokenBudget } from './token-budget.ts'

export type RecapsDeps = {
  store: Store
  model: { model: LanguageModel; windowTokens: number } | null
  budget: TokenBudget
  summaries: Summaries
  /** The model has a turn to write in that room, which goes first. */
  isBusy(roomId: string): boolean
  failed(error: unknown): void
  now(): number
}

const ENTRIES = 40
/** The model's recap is reused for this time, unless one of its sources was withdrawn or edited. */
const KEEP_MS = 60_000

/** The sources of a recap, and the model's answer: null when there is none. */
type Told = { at: number; sources: Source[]; summary: string | null; words: Promise<string | null> }

/** `isTrue`: no source of the known recap was withdrawn or edited since. */
type Found = { campaign: CampaignRow; entries: NarrativeEntry[]; summary: string | null; isTrue: boolean }

export class Recaps {
  readonly #deps: RecapsDeps
  readonly #known = new Map<string, Told>()
  /** Those that the model is writing, by room. */
  readonly #asking = new Map<string, AbortController>()

  constructor(deps: RecapsDeps) {
    this.#deps = deps
  }

  /** Throws NO_ACTIVE_CAMPAIGN. */
  async recap(roomId: string): Promise<Recap> {
    const { now } = this.#deps
    const found = await this.#read(roomId)
    const { id } = found.campaign
    const known = this.#known.get(id)
    const isGood = known && found.isTrue && now() - known.at < KEEP_MS
    const recap = isGood ? known : this.#tell(roomId, found)
    this.#known.set(id, recap)
    const words = await recap.words
    // A source may have been withdrawn or edited while the model wrote.
    const after = await this.#read(roomId)
    const isTrue = after.campaign.id === id && after.isTrue && this.#known.get(id) === recap
    return words !== null && isTrue
      ? { text: words, source: 'model' }
      : { text: extractRecap(playerView(after.campaign.state), after.entries), source: 'extract' }
  }

  /** The model has something else to do: waiting callers get the extract. */
  stop(roomId: string): void {
    this.#asking.get(roomId)?.abort(new TablecastError('CONFLICT', 'It was stopped. Ask again if you still want it.'))
  }

  stopAll(): void {
    for (const roomId of this.#asking.keys()) this.stop(roomId)
  }

  #read(roomId: string): Promise<Found> {
    return this.#deps.store.read(async (tables) => {
      const campaign = await activeCampaign(tables, await tables.rooms.get(roomId))
      const page = await tables.entries.page(campaign.id, 'player', { limit: ENTRIES })
      const summary = (await tables.narrator.summary(campaign.id))?.text ?? null
      const known = this.#known.get(campaign.id)
      const sources = known?.sources ?? []
      const ids = sources.map(({ id }) => id)
      const now = await tables.entries.find(campaign.id, ids)
      const isTrue = areUnchanged(sources, now) && (known?.summary ?? summary) === summary
      const entries = page.entries.filter(({ withdrawn }) => !withdrawn)
      return { campaign, entries, summary, isTrue }
    })
  }

  #tell(roomId: string, { campaign, entries, summary }: Found): Told {
    const words = this.#ask(roomId, campaign.id, entries, summary)
    return { at: this.#deps.now(), sources: entries.map(({ id, text }) => ({ id, text })), summary, words }
  }

  async #ask(
    roomId: string,
    campaignId: string,
    entries: readonly NarrativeEntry[],
    summary: string | null,
  ): Promise<string | null> {
    const { store, model, budget, summaries, isBusy, failed } = this.#deps
    if (!model || isBusy(roomId) || this.#asking.has(roomId) || (entries.length === 0 && !summary)) return null
    const abort = new AbortController()
    this.#asking.set(roomId, abort)
    try {
      if (await store.read((tables) => budget.isSpent(tables, roomId))) return null
      await summaries.stop(campaignId)
      const answer = await model.model.ask(recapPrompt(summary, entries, model.windowTokens), abort.signal)
      await store.write((tables) => budget.spend(tables, roomId, answer.tokens))
      return answer.text || null
    } catch (error) {
      if (!(error instanceof TablecastError)) failed(error)
      return null
    } finally {
      this.#asking.delete(roomId)
    }
  }
}
