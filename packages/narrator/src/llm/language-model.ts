// A language model behind any endpoint that understands OpenAI's chat completions, streamed.
import { TablecastError } from '@tablecast/contracts'
import OpenAI from 'openai'

export type LanguageModelOptions = {
  baseUrl: string
  model: string
  apiKey?: string | undefined
  /** The longest silence: before the first word, and between two. */
  timeoutMs: number
  /** Tokens of one reply. */
  maxReplyTokens: number
}

export type ModelMessage = { role: 'system' | 'user' | 'assistant'; content: string }
/** `tokens`: of the question and the answer, as the endpoint counts them, else estimated. */
export type ModelPart = { type: 'text'; text: string } | { type: 'end'; tokens: number }

/** Before the first word a refusal is tried again; after it there is somebody who has read it. */
const RETRIES = 2
/** The longest reply, in times of the longest silence. */
const MAX_SILENCES = 8

export class LanguageModel {
  readonly name: string
  readonly #options: LanguageModelOptions
  readonly #client: OpenAI

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
   * The reply as it comes. Throws NARRATOR_UNAVAILABLE and says why, also when it breaks off; the reason of `signal` when that aborts.
   * Leaving the loop ends the request.
   */
  async *write(messages: readonly ModelMessage[], signal: AbortSignal): AsyncGenerator<ModelPart> {
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
    let isWhole = false
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
        const text = choice?.delta?.content ?? ''
        written += text
        if (text) yield { type: 'text', text }
        if (choice?.finish_reason) isWhole = true
        tokens = chunk.usage?.total_tokens ?? tokens
      }
    } catch (error) {
      signal.throwIfAborted()
      throw unavailable(isLate ? 'it took too long' : reasonOf(error))
    } finally {
      clearTimeout(silence)
      clearTimeout(whole)
      // Whoever left the loop wants no more of it.
      late.abort()
    }
    signal.throwIfAborted()
    if (!isWhole) throw unavailable(isLate ? 'it took too long' : 'its answer broke off')
    yield { type: 'end', tokens: tokens || estimateTokens(messages.map(({ content }) => content).join(' ') + written) }
  }

  /** The whole reply at once. Throws like `write`. */
  async ask(messages: readonly ModelMessage[], signal: AbortSignal): Promise<{ text: string; tokens: number }> {
    let text = ''
    for await (const part of this.write(messages, signal))
      if (part.type === 'text') text += part.text
      else return { text: text.trim(), tokens: part.tokens }
    throw unavailable('it said nothing')
  }
}

/** About four characters each, in most languages that are written with an alphabet. */
export const estimateTokens = (text: string): number => Math.ceil(text.length / 4)

const unavailable = (why: string) =>
  new TablecastError(
    'NARRATOR_UNAVAILABLE',
    `the narrator’s model gave no whole answer: ${why}. Try again, or write it yourself`,
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
