// A story by a language model. It streams the prose, then reads the changes, checks them, and asks the model once to correct them.
import type { RollRequest, StatePatch } from '@tablecast/contracts'
import { gathered } from './gathered.ts'
import type { LanguageModel, ModelMessage, ModelPart } from './language-model.ts'
import { repairPrompt, storyPrompt, type StoryRequest } from './prompt.ts'
import { readState, StoryReader, UnfitState } from './story-reply.ts'

/** `restart`: the texts before it were the model's thoughts, not the story. `reasoning`: the model's thoughts, for a DM alone. */
export type StoryPart =
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string }
  | { type: 'restart' }
  | { type: 'checking' }
  | { type: 'final'; text: string; patch: StatePatch | null; rolls: RollRequest[]; notices: string[]; tokens: number }

export type ModelNarratorDeps = {
  model: LanguageModel
  windowTokens: number
  newId?: () => string
}

/** Pieces of a reply for the table are gathered for this time: two frames of a screen. */
const GATHER_MS = 30

export class ModelNarrator {
  readonly #model: LanguageModel
  readonly #windowTokens: number
  readonly #newId: () => string

  constructor({ model, windowTokens, newId = () => crypto.randomUUID().slice(0, 8) }: ModelNarratorDeps) {
    this.#model = model
    this.#windowTokens = windowTokens
    this.#newId = newId
  }

  /** `check`: the mistake in a patch of the right form, or null. Throws like the model. Changes nothing itself. */
  async *narrate(
    request: StoryRequest,
    check: (patch: StatePatch) => string | null,
    signal: AbortSignal,
  ): AsyncGenerator<StoryPart> {
    const prompt = storyPrompt(request, this.#windowTokens)
    let reader = new StoryReader()
    let tokens = 0
    for await (const part of this.#reply(prompt, request.audience, signal)) {
      switch (part.type) {
        case 'text': {
          const text = reader.take(part.text)
          if (text) yield { type: 'text', text }
          break
        }
        case 'restart':
          reader = new StoryReader()
          yield part
          break
        case 'reasoning':
          yield { type: 'reasoning', text: part.text }
          break
        case 'end':
          tokens += part.tokens
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
      const found = readState(text, request.state, this.#newId, request.audience)
      const wrong = found.patch && check(found.patch)
      // The exact error can tell of hidden things, as the number of threats does.
      if (wrong) throw new UnfitState(request.audience === 'dm' ? wrong : 'together they make no valid state')
      return found
    }
    try {
      yield { type: 'final', ...story, ...checked(block), tokens }
    } catch (error) {
      if (!(error instanceof UnfitState)) throw error
      const mended = await this.#model
        .ask(repairPrompt(prompt, story.text, block, error.message), signal)
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

  async *#reply(
    prompt: readonly ModelMessage[],
    audience: StoryRequest['audience'],
    signal: AbortSignal,
  ): AsyncGenerator<ModelPart> {
    const leaving = new AbortController()
    const within = AbortSignal.any([signal, leaving.signal])
    try {
      if (audience === 'dm') yield* this.#model.write(prompt, within, 'dm')
      else yield* gathered(this.#model.write(prompt, within, 'table'), GATHER_MS)
    } finally {
      // The caller left the loop: end the request.
      leaving.abort()
    }
  }
}
