import { optional, type Options } from '@tablecast/config'
import { z } from 'zod'
import { port } from './schemas.ts'

/** Metrics and traces. */
export const observationOptions = {
  METRICS_PORT: {
    schema: z.union([z.literal('').transform(() => undefined), port]),
    fallback: '',
    does: 'A port of its own for /metrics, on HOST; without it, /metrics on PORT, for this machine alone',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    schema: optional(z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })),
    fallback: '',
    does: 'Traces: an OpenTelemetry collector that takes OTLP over HTTP, as http://127.0.0.1:4318',
  },
  OTEL_SERVICE_NAME: { schema: z.string().min(1), fallback: 'tablecast', does: 'Traces: the name of this service' },
} satisfies Options
