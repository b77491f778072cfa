import type { JsonSchema } from '../inputs.ts'
import { answerOf, bearer } from './http-request.ts'
import { type Answer, ANSWER_TIMEOUT_MS, LARGEST, type RawClient, type SentRequest, type Target } from './raw-client.ts'

/** The REST routes, from the server's own OpenAPI document. */
export async function restTargets(url: string): Promise<RestTarget[]> {
  const document = (await (await fetch(`${url}/docs/json`)).json()) as OpenApi
  const $defs = Object.fromEntries(
    Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => [name, schema]),
  )
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const given = operation.parameters ?? []
      const place = (where: string): JsonSchema => ({
        type: 'object',
        properties: Object.fromEntries(
          given.filter((one) => one.in === where).map(({ name, schema }) => [name, schema]),
        ),
        required: given.filter((one) => one.in === where && one.required === true).map(({ name }) => name),
      })
      const schema = operation.requestBody?.content['application/json']?.schema ?? null
      const head: JsonSchema = {
        type: 'object',
        properties: { path: place('path'), query: place('query') },
        required: ['path', 'query'],
        $defs,
      }
      const name = `${method.toUpperCase()} ${path}`
      return {
        name,
        method: method.toUpperCase(),
        path,
        schema: schema && { ...schema, $defs },
        head,
        largest: LARGEST.body,
      }
    }),
  )
}

type OpenApi = {
  components?: { schemas?: Record<string, JsonSchema> }
  paths: Record<
    string,
    Record<
      string,
      {
        parameters?: { in: string; name: string; required?: boolean; schema: JsonSchema }[]
        requestBody?: { content: Record<string, { schema: JsonSchema }> }
      }
    >
  >
}
type RestTarget = Target & { method: string; path: string }

export class RestClient implements RawClient {
  readonly kind = 'rest'
  readonly targets: readonly RestTarget[]
  readonly #url: string

  constructor(url: string, targets: readonly RestTarget[]) {
    this.#url = url
    this.targets = targets
  }

  send(
    { method, path, schema }: RestTarget,
    { text, head: named }: SentRequest,
    token: string | null,
  ): Promise<Answer> {
    const head = parsedOr<{ path?: unknown; query?: unknown }>(named)
    const inPath = new Map(Object.entries(Object(head?.path ?? {}) as object))
    const filled = path.replaceAll(
      /\{(\w+)\}/g,
      (_all, name: string) => encodeURIComponent(wordOf(inPath.get(name))) || 'x',
    )
    const query = Object.entries(Object(head?.query ?? {}) as object).map(([name, value]) => [name, wordOf(value)])
    const search = new URLSearchParams(query as [string, string][]).toString().slice(0, LARGEST.query)
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS)
    const hasBody = schema !== null
    const headers = { ...bearer(token), ...(hasBody ? { 'content-type': 'application/json' } : {}) }
    const request = { method, headers, signal, ...(hasBody ? { body: text } : {}) }
    return answerOf(fetch(`${this.#url}${filled.slice(0, LARGEST.query)}?${search}`, request), false)
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

const wordOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

function parsedOr<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T
  } catch {
    return null
  }
}
