// “Previously…”, from what players were shown alone: by the model, or gathered from the story.
import { playerView, type Recap, TablecastError } from '@tablecast/contracts'
import { extractRecap, type LanguageModel, recapPrompt } from '@tablecast/narrator'
import type { Store } from '@tablecast/store'
import { activeCampaign } from './reading.ts'
import type { Summaries } from './summaries.ts'
import type { TokenBudget } from './token-budget.ts'

export type RecapsParts = {
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
/** So long everyone is told the same. */
const KEEP_MS = 60_000

export class Recaps {
  readonly #parts: RecapsParts
  readonly #known = new Map<string, { at: number; recap: Promise<Recap> }>()
  /** Those that the model is writing, by room. */
  readonly #asking = new Map<string, AbortController>()

  constructor(parts: RecapsParts) {
    this.#parts = parts
  }

  /** Throws NO_ACTIVE_CAMPAIGN. */
  async recap(roomId: string): Promise<Recap> {
    const { store, now } = this.#parts
    const found = await store.read(async (tables) => {
      const campaign = await activeCampaign(tables, await tables.rooms.get(roomId))
      const { entries } = await tables.entries.page(campaign.id, 'player', { limit: ENTRIES })
      const summary = await tables.narrator.summary(campaign.id)
      return { campaign, entries, summary: summary?.text ?? null }
    })
    const known = this.#known.get(found.campaign.id)
    if (known && now() - known.at < KEEP_MS) return known.recap
    const recap = this.#make(roomId, found)
    this.#known.set(found.campaign.id, { at: now(), recap })
    return recap
  }

  /** The model has something else to do: who waits gets what can be gathered. */
  stop(roomId: string): void {
    this.#asking.get(roomId)?.abort(new TablecastError('CONFLICT', 'it was stopped'))
  }

  stopAll(): void {
    for (const roomId of this.#asking.keys()) this.stop(roomId)
  }

  async #make(roomId: string, { campaign, entries, summary }: Found): Promise<Recap> {
    const { store, model, budget, summaries, isBusy, failed } = this.#parts
    const extract = { text: extractRecap(playerView(campaign.state), entries), source: 'extract' as const }
    const told = entries.filter(({ withdrawn }) => !withdrawn)
    if (!model || isBusy(roomId) || this.#asking.has(roomId) || (told.length === 0 && !summary)) return extract
    const abort = new AbortController()
    this.#asking.set(roomId, abort)
    try {
      if (await store.read((tables) => budget.isSpent(tables, roomId))) return extract
      await summaries.stop(campaign.id)
      const answer = await model.model.ask(recapPrompt(summary, told, model.windowTokens), abort.signal)
      await store.write((tables) => budget.spend(tables, roomId, answer.tokens))
      return answer.text ? { text: answer.text, source: 'model' } : extract
    } catch (error) {
      if (!(error instanceof TablecastError)) failed(error)
      return extract
    } finally {
      this.#asking.delete(roomId)
    }
  }
}

type Found = {
  campaign: Awaited<ReturnType<typeof activeCampaign>>
  entries: Parameters<typeof extractRecap>[1]
  summary: string | null
}
