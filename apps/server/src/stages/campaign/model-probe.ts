import type { Probe } from '../../ops/dependencies.ts'
import { httpProbe } from '../../ops/probes.ts'

/** Asks for the list of models, which costs no tokens. An endpoint without such a list answers 404 or 405, and is reachable. */
export const modelProbe = ({ baseUrl, model }: { baseUrl: string; model: string }, apiKey: string | undefined): Probe =>
  httpProbe({
    name: 'Language model',
    detail: `${model} at ${new URL(baseUrl).origin}`,
    url: `${baseUrl.replace(/\/$/, '')}/models`,
    headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
    allowed: [404, 405],
  })
