// A language model behind any endpoint that understands OpenAI's chat completions, streamed.
import { TablecastError } from '@tablecast/contracts'
import OpenAI from 'openai'
import { estimateTokens } from './estimate-tokens.ts'
import { ReasoningFilter, type ReasoningPart, type ReplyBegins } from './reasoning.ts'
import { readPiece } from './reply-piece.ts'

export type LanguageModelOptions = {
  baseUrl: string
  model: string
  apiKey?: string | undefined
  /** The longest silence: before the first word, and between two. */
  timeoutMs: number
  /** Tokens of one reply. */
  maxReplyTokens: number
  reasoning?: ReasoningChoice
}

/**
 * `drop`: a model's thoughts are dropped. `keep`: a DM can read them beside a draft. `unopened`: they are dropped, and each reply
 * begins with a thought that no tag opens.
 */
export type ReasoningChoice = 'drop' | 'keep' | 'unopened'

export type ModelMessage = { role: 'system' | 'user' | 'assistant'; content: string }
/** `tokens`: of the question and the answer, as the endpoint counts them, else estimated. */
export type ModelPart = ReasoningPart | { type: 'end'; tokens: number }
/** The readers of a reply: the table, which never gets thoughts, or a DM alone. */
export type ReplyReader = 'table' | 'dm'

/** Before the first word a refusal is tried again; after it there is somebody who has read it. */
const RETRIES = 2
/** The longest reply, in times of the longest silence. */
const MAX_SILENCES = 8
/** Models whose usual chat templates open the thought, so that the reply only closes it. */
const THINKERS = /deepseek-r1|\br1\b|qwq|[-_:.](thinking|reasoner|reasoning)\b/i

export class LanguageModel {
  readonly name: string
  readonly #options: LanguageModelOptions
  readonly #client: OpenAI
  /** A reply of this model closed a thought that it had not opened. */
  #closesUnopened = false

  constructor(options: LanguageModelOptions) {
    this.#options = options
    this.name = options.model
    this.#client = new OpenAI({
      baseURL: options.baseUrl,
      // Local endpoints want none, but the client insists.
      apiKey: options.apiKey ?? 'none',
      timeout: options.timeoutMs,
      maxRetries: RETRIES,
      logLevel: 'off',
    })
  }

  /**
   * The reply as it comes, without the model's thoughts; a DM gets them where they are kept. Throws NARRATOR_UNAVAILABLE and says
   * why, also when it breaks off; the reason of `signal` when that aborts. Leaving the loop ends the request.
   */
  async *write(
    messages: readonly ModelMessage[],
    signal: AbortSignal,
    reader: ReplyReader = 'table',
  ): AsyncGenerator<ModelPart> {
    const keepsThoughts = reader === 'dm' && this.#options.reasoning === 'keep'
    for await (const part of this.#write(messages, signal, reader)) {
      if (part.type === 'restart') this.#closesUnopened = true
      if (part.type !== 'reasoning' || keepsThoughts) yield part
    }
  }

  async *#write(
    messages: readonly ModelMessage[],
    signal: AbortSignal,
    reader: ReplyReader,
  ): AsyncGenerator<ModelPart> {
    const { model, timeoutMs, maxReplyTokens } = this.#options
    const late = new AbortController()
    const within = AbortSignal.any([signal, late.signal])
    let isLate = false
    const tooLate = () => {
      isLate = true
      late.abort()
    }
    const body = { model, messages: [...messages], max_tokens: maxReplyTokens, temperature: 0.8 }
    let written = ''
    let tokens = 0
    let finish: string | null = null
    const filter = new ReasoningFilter(this.#beginOf(reader))
    let silence: ReturnType<typeof setTimeout> | undefined
    const listen = () => {
      clearTimeout(silence)
      silence = setTimeout(tooLate, timeoutMs)
    }
    const whole = setTimeout(tooLate, timeoutMs * MAX_SILENCES)
    try {
      const stream = await this.#client.chat.completions.create(
        { ...body, stream: true, stream_options: { include_usage: true } },
        { signal: within },
      )
      listen()
      for await (const chunk of stream) {
        listen()
        const [choice] = chunk.choices ?? []
        const { text, thoughts } = readPiece(choice?.delta)
        written += text + (thoughts ?? '')
        if (thoughts !== null) {
          yield* filter.thoughtsAreSeparate()
          yield { type: 'reasoning', text: thoughts }
        }
        yield* filter.take(text)
        finish = choice?.finish_reason ?? finish
        tokens = chunk.usage?.total_tokens ?? tokens
      }
    } catch (error) {
      signal.throwIfAborted()
      throw unavailable(isLate ? 'it took too long' : reasonOf(error))
    } finally {
      clearTimeout(silence)
      clearTimeout(whole)
      // The caller has left the loop and wants no more text.
      late.abort()
    }
    signal.throwIfAborted()
    if (finish === null) throw unavailable(isLate ? 'it took too long' : 'its answer broke off')
    const { isUnsure } = filter
    const rest = filter.end(finish !== 'length')
    // This reply held no thought: stream the next one.
    if (isUnsure && rest.some(({ type }) => type === 'text')) this.#closesUnopened = false
    yield* rest
    yield { type: 'end', tokens: tokens || estimateTokens(messages.map(({ content }) => content).join(' ') + written) }
  }

  /** The whole reply at once. Throws like `write`. */
  async ask(messages: readonly ModelMessage[], signal: AbortSignal): Promise<{ text: string; tokens: number }> {
    let text = ''
    for await (const part of this.write(messages, signal))
      if (part.type === 'text') text += part.text
      else if (part.type === 'restart') text = ''
      else if (part.type === 'end') return { text: text.trim(), tokens: part.tokens }
    throw unavailable('it said nothing')
  }

  #beginOf(reader: ReplyReader): ReplyBegins {
    const { reasoning, model } = this.#options
    if (reasoning === 'unopened') return 'inside'
    // `keep` says that the model thinks, and the table must not read that.
    const mayThink = this.#closesUnopened || THINKERS.test(model) || (reasoning === 'keep' && reader === 'table')
    return mayThink ? 'perhaps' : 'outside'
  }
}

const unavailable = (why: string) =>
  new TablecastError(
    'NARRATOR_UNAVAILABLE',
    `The narrator’s model gave no whole answer: ${why}. Try again, or write it yourself.`,
  )

/** Never the endpoint's own words: they may hold what was sent. */
function reasonOf(error: unknown): string {
  if (error instanceof OpenAI.APIConnectionTimeoutError) return 'it took too long'
  if (error instanceof OpenAI.APIConnectionError) return 'it can not be reached'
  if (error instanceof OpenAI.RateLimitError) return 'it is asked too often (429)'
  if (error instanceof OpenAI.AuthenticationError) return 'it does not accept the key (401)'
  if (error instanceof OpenAI.APIError && error.status) return `it answered ${error.status}`
  return 'its answer could not be read'
}
