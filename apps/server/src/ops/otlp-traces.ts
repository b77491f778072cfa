// Traces with OpenTelemetry's SDK. Nothing is registered globally, so that two servers in one process have separate traces.
import { AsyncLocalStorage } from 'node:async_hooks'
import { type Context, ROOT_CONTEXT, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base'
import { version } from './version.ts'
import type { SpanAttributes, Traces, TracesOptions } from './traces.ts'

const EXPORT_TIMEOUT_MS = 5_000
const EXPORT_INTERVAL_MS = 1_000
/** The server does not wait longer than this for its collector when it closes. */
const CLOSE_TIMEOUT_MS = 2_000

type ExportDone = Parameters<SpanExporter['export']>[1]

export class OtlpTraces implements Traces {
  readonly #current = new AsyncLocalStorage<Context>()
  readonly #provider: BasicTracerProvider
  readonly #tracer: Tracer

  constructor({ endpoint, serviceName, node, failed }: TracesOptions & { endpoint: string }) {
    const url = `${endpoint.replace(/\/$/, '')}/v1/traces`
    const exporter = reportingFirstFailure(new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS }), failed)
    this.#provider = new BasicTracerProvider({
      resource: resourceFromAttributes({
        'service.name': serviceName,
        'service.version': version,
        'service.instance.id': node,
      }),
      spanProcessors: [
        new BatchSpanProcessor(exporter, {
          scheduledDelayMillis: EXPORT_INTERVAL_MS,
          exportTimeoutMillis: EXPORT_TIMEOUT_MS,
        }),
      ],
    })
    this.#tracer = this.#provider.getTracer('tablecast', version)
  }

  async span<T>(name: string, work: (note: (attributes: SpanAttributes) => void) => Promise<T>): Promise<T> {
    const parent = this.#current.getStore() ?? ROOT_CONTEXT
    const span = this.#tracer.startSpan(name, {}, parent)
    try {
      return await this.#current.run(trace.setSpan(parent, span), () =>
        work((attributes) => void span.setAttributes(attributes)),
      )
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR })
      throw error
    } finally {
      span.end()
    }
  }

  done(name: string, ms: number, attributes: SpanAttributes): void {
    const parent = this.#current.getStore()
    if (!parent) return
    const now = Date.now()
    this.#tracer.startSpan(name, { attributes, startTime: now - ms }, parent).end(now)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const late = Promise.withResolvers<void>()
    const timer = setTimeout(() => late.resolve(), CLOSE_TIMEOUT_MS)
    await Promise.race([this.#provider.shutdown().catch(() => {}), late.promise])
    clearTimeout(timer)
  }
}

/** Calls `failed` at the first failure of the exporter, and again only after an export has succeeded. */
function reportingFirstFailure(exporter: OTLPTraceExporter, failed: (error: unknown) => void): SpanExporter {
  let isDown = false
  return {
    export: (spans, done: ExportDone) =>
      exporter.export(spans, (result) => {
        const failure = result.error
        if (failure && !isDown) failed(failure)
        isDown = failure !== undefined
        done(result)
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush(),
  }
}
