import { answerOf, bearer } from './http-request.ts'
import { type ProcedureTarget, procedureTargets } from './procedure-targets.ts'
import { type Answer, ANSWER_TIMEOUT_MS, LARGEST, type RawClient, type SentRequest } from './raw-client.ts'

/** Queries whose input is too long for a URL, so clients use POST. */
const posted = new Set(['campaign.previewImport', 'campaign.previewScenario', 'statBlocks.previewImport'])
const large = new Set([
  'campaign.edit',
  'campaign.importScenario',
  'campaign.import',
  'statBlocks.import',
  'statBlocks.put',
  ...posted,
])

export class TrpcHttp implements RawClient {
  readonly kind = 'trpc-http'
  readonly targets: readonly ProcedureTarget[]
  readonly #url: string
  #count = 0

  constructor(url: string) {
    this.#url = url
    this.targets = procedureTargets((path, type) =>
      large.has(path) ? LARGEST.importedBody : type === 'mutation' ? LARGEST.body : LARGEST.query,
    )
  }

  send({ name, type }: ProcedureTarget, { text }: SentRequest, token: string | null): Promise<Answer> {
    this.#count += 1
    const isBatch = type !== 'subscription' && this.#count % 5 === 0
    const path = isBatch ? `${name},auth.config,${name}?batch=1` : `${name}?`
    const input = isBatch ? `{"0":${text},"1":{},"2":${text}}` : text
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS)
    if (type === 'mutation' || posted.has(name)) {
      // All calls of a batch must have one type. The middle call has the other type, so only that call is refused.
      const batchPath = type === 'mutation' && isBatch ? path.replace('auth.config', 'auth.guest') : path
      return answerOf(this.#post(batchPath, input, token, signal), false)
    }
    const address = `${this.#url}/trpc/${path}&input=${encodeURIComponent(input)}`
    const headers = { ...bearer(token), ...(type === 'subscription' ? { accept: 'text/event-stream' } : {}) }
    return answerOf(fetch(address, { headers, signal }), type === 'subscription')
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #post(path: string, body: string, token: string | null, signal: AbortSignal): Promise<Response> {
    const headers = { 'content-type': 'application/json', ...bearer(token) }
    return fetch(`${this.#url}/trpc/${path}`, { method: 'POST', headers, body, signal })
  }
}
