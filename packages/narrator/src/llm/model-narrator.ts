// Story by a language model: prose as it comes, then what it changes, checked and mended once.
import type { RollRequest, StatePatch } from '@tablecast/contracts'
import type { LanguageModel } from './language-model.ts'
import { repairPrompt, storyPrompt, type StoryRequest } from './prompt.ts'
import { readState, StoryReader, UnfitState } from './story-reply.ts'

export type StoryPart =
  | { type: 'text'; text: string }
  | { type: 'checking' }
  | { type: 'final'; text: string; patch: StatePatch | null; rolls: RollRequest[]; notices: string[]; tokens: number }

export type ModelNarratorParts = {
  model: LanguageModel
  windowTokens: number
  newId?: () => string
}

export class ModelNarrator {
  readonly #model: LanguageModel
  readonly #windowTokens: number
  readonly #newId: () => string

  constructor({ model, windowTokens, newId = () => crypto.randomUUID().slice(0, 8) }: ModelNarratorParts) {
    this.#model = model
    this.#windowTokens = windowTokens
    this.#newId = newId
  }

  /** `check`: what is wrong with a patch beyond its form; null when it may be. Throws like the model. Changes nothing itself. */
  async *tell(
    request: StoryRequest,
    check: (patch: StatePatch) => string | null,
    signal: AbortSignal,
  ): AsyncGenerator<StoryPart> {
    const asked = storyPrompt(request, this.#windowTokens)
    const reader = new StoryReader()
    let tokens = 0
    for await (const part of this.#model.write(asked, signal)) {
      if (part.type === 'end') tokens += part.tokens
      else {
        const text = reader.take(part.text)
        if (text) yield { type: 'text', text }
      }
    }
    const rest = reader.end()
    if (rest) yield { type: 'text', text: rest }
    yield { type: 'checking' }
    const story = { text: reader.prose.trim(), notices: [] as string[] }
    const block = reader.state
    if (block === null) {
      yield { type: 'final', ...story, patch: null, rolls: [], tokens }
      return
    }
    const checked = (text: string) => {
      const found = readState(text, request.state, this.#newId)
      const wrong = found.patch && check(found.patch)
      if (wrong) throw new UnfitState(wrong)
      return found
    }
    try {
      yield { type: 'final', ...story, ...checked(block), tokens }
    } catch (error) {
      if (!(error instanceof UnfitState)) throw error
      const mended = await this.#model
        .ask(repairPrompt(asked, story.text, block, error.message), signal)
        .then(({ text, tokens: more }) => ({ ...checked(text), tokens: tokens + more }))
        .catch((failure: unknown) => {
          signal.throwIfAborted()
          const why = failure instanceof UnfitState ? failure.message : 'the model could not be asked again'
          story.notices.push(`The changes that came with it were left out: ${why}.`)
          return { patch: null, rolls: [], tokens }
        })
      yield { type: 'final', ...story, ...mended }
    }
  }
}
