// Spans of the work of this node, for an OpenTelemetry collector.

export type SpanAttributes = Record<string, string | number | boolean>

export interface Traces extends AsyncDisposable {
  /** Runs `work` in a new span, a child of the current one. Attributes that `work` passes to `note` are added to the span. */
  span<T>(name: string, work: (note: (attributes: SpanAttributes) => void) => Promise<T>): Promise<T>
  /** Adds a span that took `ms` and has just ended, as a child of the current one. Does nothing where there is no current span. */
  done(name: string, ms: number, attributes: SpanAttributes): void
}

export type TracesOptions = {
  /** The base URL of the collector, which takes OTLP over HTTP; undefined for no traces. */
  endpoint: string | undefined
  serviceName: string
  /** The id of this node. */
  node: string
  /** Called once each time that the collector becomes unreachable. */
  failed(error: unknown): void
}
