// Spans of what is done, sent to a collector of OpenTelemetry where one is configured. Without one nothing of it is loaded.

export type SpanAttributes = Record<string, string | number | boolean>

export interface Traces extends AsyncDisposable {
  /** Runs `work` in a span, below the one in which it is called. What `work` answers to `note` is added to the span. */
  span<T>(name: string, work: (note: (attributes: SpanAttributes) => void) => Promise<T>): Promise<T>
  /** Something that took so long and is just over, below the span in which it is called; outside of one it is not told. */
  done(name: string, ms: number, attributes: SpanAttributes): void
}

const noTraces: Traces = {
  span: (_name, work) => work(() => {}),
  done() {},
  [Symbol.asyncDispose]: () => Promise.resolve(),
}

export type TracesOptions = {
  /** The base of the collector's OTLP over HTTP; undefined: no traces. */
  endpoint: string | undefined
  serviceName: string
  /** This node among others of the service. */
  node: string
  /** Told once for each time that the collector becomes unreachable. */
  failed(error: unknown): void
}

export async function openTraces({ endpoint, ...options }: TracesOptions): Promise<Traces> {
  if (!endpoint) return noTraces
  const { OtlpTraces } = await import('./otlp-traces.ts')
  return new OtlpTraces({ endpoint, ...options })
}
