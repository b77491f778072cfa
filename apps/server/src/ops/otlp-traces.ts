// OpenTelemetry's own SDK, with nothing of it registered globally: two servers in one process trace for themselves.
import { AsyncLocalStorage } from 'node:async_hooks'
import { type Context, ROOT_CONTEXT, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base'
import { version } from './version.ts'
import type { SpanAttributes, Traces, TracesOptions } from './traces.ts'

const EXPORT_MS = 5_000
const EVERY_MS = 1_000
/** The end of the process does not wait for a collector that is gone. */
const CLOSE_MS = 2_000

type ExportDone = Parameters<SpanExporter['export']>[1]

export class OtlpTraces implements Traces {
  readonly #current = new AsyncLocalStorage<Context>()
  readonly #provider: BasicTracerProvider
  readonly #tracer: Tracer

  constructor({ endpoint, serviceName, node, failed }: TracesOptions & { endpoint: string }) {
    const url = `${endpoint.replace(/\/$/, '')}/v1/traces`
    const exporter = complainingOnce(new OTLPTraceExporter({ url, timeoutMillis: EXPORT_MS }), failed)
    this.#provider = new BasicTracerProvider({
      resource: resourceFromAttributes({
        'service.name': serviceName,
        'service.version': version,
        'service.instance.id': node,
      }),
      spanProcessors: [
        new BatchSpanProcessor(exporter, { scheduledDelayMillis: EVERY_MS, exportTimeoutMillis: EXPORT_MS }),
      ],
    })
    this.#tracer = this.#provider.getTracer('tablecast', version)
  }

  async span<T>(name: string, work: (note: (attributes: SpanAttributes) => void) => Promise<T>): Promise<T> {
    const above = this.#current.getStore() ?? ROOT_CONTEXT
    const span = this.#tracer.startSpan(name, {}, above)
    try {
      return await this.#current.run(trace.setSpan(above, span), () =>
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
    const above = this.#current.getStore()
    if (!above) return
    const now = Date.now()
    this.#tracer.startSpan(name, { attributes, startTime: now - ms }, above).end(now)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const late = Promise.withResolvers<void>()
    const timer = setTimeout(() => late.resolve(), CLOSE_MS)
    await Promise.race([this.#provider.shutdown().catch(() => {}), late.promise])
    clearTimeout(timer)
  }
}

/** A collector that is down is told of once, until it has answered again. */
function complainingOnce(exporter: OTLPTraceExporter, failed: (error: unknown) => void): SpanExporter {
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
