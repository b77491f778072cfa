import type { Probe } from '../../ops/dependencies.ts'
import { httpProbe } from '../../ops/probes.ts'

/** The list of models costs nothing. A server without such a list answers 404 or 405, and works. */
export const modelProbe = ({ baseUrl, model }: { baseUrl: string; model: string }, apiKey: string | undefined): Probe =>
  httpProbe({
    name: 'Language model',
    detail: `${model} at ${new URL(baseUrl).origin}`,
    url: `${baseUrl.replace(/\/$/, '')}/models`,
    headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
    allowed: [404, 405],
  })
