// Without a configured collector, OpenTelemetry's SDK is not loaded.
import type { Traces, TracesOptions } from './traces.ts'

export async function openTraces({ endpoint, ...options }: TracesOptions): Promise<Traces> {
  if (!endpoint) return noTraces
  const { OtlpTraces } = await import('./otlp-traces.ts')
  return new OtlpTraces({ endpoint, ...options })
}

const noTraces: Traces = {
  span: (_name, work) => work(() => {}),
  done() {},
  [Symbol.asyncDispose]: () => Promise.resolve(),
}
