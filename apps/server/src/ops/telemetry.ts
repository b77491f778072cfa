// Reports each kind of event with one function, to the metrics, the log and the traces.
import type { ErrorCode, Transport } from '@tablecast/contracts'
import type { CallIds, CallScope } from '../transport/call-scope.ts'
import type { CallDetails, CallTelemetry } from '../transport/call-telemetry.ts'
import type { Log } from './log.ts'
import type { Metrics, TransactionKind } from './metrics.ts'
import type { Traces } from './traces.ts'

export type TelemetryDeps = { log: Log; metrics: Metrics; scope: CallScope; traces: Traces }

export class Telemetry implements CallTelemetry {
  readonly #deps: TelemetryDeps

  constructor(deps: TelemetryDeps) {
    this.#deps = deps
  }

  /** Measures a call from its start to its end. `codeOf` finds the error code in the result, or null when it succeeded. */
  async call<T>(
    { type, name, ids }: CallDetails,
    work: () => Promise<T>,
    codeOf: (result: T) => ErrorCode | null,
  ): Promise<T> {
    const { log, metrics, scope, traces } = this.#deps
    const began = performance.now()
    return scope.run(ids, () =>
      traces.span(name, async (note) => {
        let code: ErrorCode | 'OK' = 'INTERNAL'
        try {
          const result = await work()
          code = codeOf(result) ?? 'OK'
          return result
        } finally {
          const ms = performance.now() - began
          metrics.call(type, ms)
          note({ 'tablecast.code': code, ...attributesOf(scope.ids) })
          log.debug({ call: name, ms: Math.round(ms), code }, 'call')
        }
      }),
    )
  }

  /** Runs `work`. Lines that it logs, also in later callbacks, carry these ids. */
  within<T>(ids: CallIds, work: () => T): T {
    return this.#deps.scope.run(ids, work)
  }

  /** Adds ids to the call that is under way. */
  know(ids: CallIds): void {
    this.#deps.scope.add(ids)
  }

  /** Counts an error that a client received. An INTERNAL one is logged as an error, with its request. */
  errorReturned(error: unknown, code: ErrorCode, fields: CallIds & Record<string, unknown>): void {
    const { log, metrics } = this.#deps
    metrics.error(code)
    if (code === 'INTERNAL') log.error({ err: error, ...fields }, 'call failed')
    else log.debug({ code, ...fields }, 'call refused')
  }

  refusedUpgrade(reason: string): void {
    this.#deps.metrics.refusedUpgrade(reason)
    this.#deps.log.debug({ reason }, 'a connection was refused')
  }

  connected(ids: CallIds, transport: Transport): void {
    this.#deps.log.debug({ ...ids, transport }, 'connected')
  }

  disconnected(reason: string, ids: CallIds): void {
    this.#deps.metrics.disconnected(reason)
    this.#deps.log.debug({ ...ids, reason }, 'disconnected')
  }

  async transaction<T>(kind: TransactionKind, work: () => Promise<T>): Promise<T> {
    const { metrics, traces } = this.#deps
    const began = performance.now()
    try {
      return await (kind === 'write' ? traces.span('store write', work) : work())
    } finally {
      metrics.transaction(kind, performance.now() - began)
    }
  }

  /** Runs `work`, which sends a message over the bus, and counts it. */
  sent<T>(subject: string, work: () => T): T {
    const { metrics, traces } = this.#deps
    const began = performance.now()
    const result = work()
    metrics.busMessage('out')
    traces.done('bus publish', performance.now() - began, { 'messaging.destination.name': subject })
    return result
  }

  received(): void {
    this.#deps.metrics.busMessage('in')
  }

  busReconnected(): void {
    this.#deps.metrics.busReconnected()
  }
}

const attributesOf = ({ requestId, connectionId, roomId }: CallIds) => ({
  ...(requestId === undefined ? {} : { 'tablecast.request_id': requestId }),
  ...(connectionId === undefined ? {} : { 'tablecast.connection_id': connectionId }),
  ...(roomId === undefined ? {} : { 'tablecast.room_id': roomId }),
})
