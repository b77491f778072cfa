// The chronicle of each campaign, kept up by the model: it takes in the entries behind the newest ones, a batch at a time. It is made
// only from what players were shown, so that they may read it.
import { type LanguageModel, summaryPrompt } from '@tablecast/narrator'
import type { Store } from '@tablecast/store'
import { areUnchanged } from './sources.ts'
import type { TokenBudget } from './token-budget.ts'

export type SummariesDeps = {
  store: Store
  model: { model: LanguageModel } | null
  budget: TokenBudget
  failed(error: unknown): void
}

/** The newest entries, which the model gets word for word. */
const NEWEST = 40
const BATCH = 20
/** In a long campaign that was never summed up, the entries before these are left out. */
const BACKLOG = 200

export class Summaries implements AsyncDisposable {
  readonly #deps: SummariesDeps
  readonly #rolling = new Map<string, { abort: AbortController; done: Promise<void> }>()

  constructor(deps: SummariesDeps) {
    this.#deps = deps
  }

  /** Goes on in the background; a failure costs nothing but an older summary. */
  roll(roomId: string, campaignId: string): void {
    if (this.#rolling.has(campaignId)) return
    const abort = new AbortController()
    const done = this.#roll(roomId, campaignId, abort.signal)
      .catch((error: unknown) => {
        if (!abort.signal.aborted) this.#deps.failed(error)
      })
      .finally(() => this.#rolling.delete(campaignId))
    this.#rolling.set(campaignId, { abort, done })
  }

  /** The model has something else to do in this room. */
  async stop(campaignId: string): Promise<void> {
    const rolling = this.#rolling.get(campaignId)
    rolling?.abort.abort(new Error('stopped'))
    await rolling?.done
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#rolling.keys()].map((campaignId) => this.stop(campaignId)))
  }

  async #roll(roomId: string, campaignId: string, signal: AbortSignal): Promise<void> {
    const { store, model, budget } = this.#deps
    if (!model) return
    for (;;) {
      const { known, shown, isSpent } = await store.read(async (tables) => {
        const { narrator } = tables
        const summary = await narrator.summary(campaignId)
        const after = summary?.upTo ?? (await narrator.positionBefore(campaignId, BACKLOG))
        return {
          known: summary,
          shown: await narrator.shownAfter(campaignId, after, NEWEST + BATCH),
          isSpent: await budget.isSpent(tables, roomId),
        }
      })
      if (shown.length < NEWEST + BATCH || isSpent) return
      const batch = shown.slice(0, BATCH)
      const upTo = batch.at(-1)?.position ?? 0
      const entries = batch.map(({ entry }) => entry)
      const { text, tokens } = await model.model.ask(summaryPrompt(known?.text ?? null, entries), signal)
      const isKept = await store.write(async (tables) => {
        const { narrator, entries: all } = tables
        // No undo can come between this look and the commit.
        await tables.rooms.lock(roomId)
        await budget.spend(tables, roomId, tokens)
        // One of its sources may have been withdrawn or edited while the model wrote.
        const now = await narrator.summary(campaignId)
        const made = await all.find(
          campaignId,
          entries.map(({ id }) => id),
        )
        const isTrue = (now?.upTo ?? null) === (known?.upTo ?? null) && areUnchanged(entries, made)
        if (text && isTrue) await narrator.putSummary(campaignId, { text, upTo })
        return Boolean(text) && isTrue
      })
      if (!isKept) return
    }
  }
}
