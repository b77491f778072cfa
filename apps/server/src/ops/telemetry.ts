// What happens in this node, told to the metrics, the log and the traces together: one function for each kind of event.
import type { ErrorCode, ImportCounts, Transport } from '@tablecast/contracts'
import type { CallIds, CallScope } from './call-scope.ts'
import type { Log } from './log.ts'
import type { CallType, Metrics, TransactionKind } from './metrics.ts'
import type { Traces } from './traces.ts'

export type TelemetryParts = { log: Log; metrics: Metrics; scope: CallScope; traces: Traces }

/** What a call is named, and whose it is. */
export type Called = { type: CallType; name: string; ids: CallIds }

export class Telemetry {
  readonly #parts: TelemetryParts

  constructor(parts: TelemetryParts) {
    this.#parts = parts
  }

  /** A call from its begin to its end; `codeOf` finds in its answer what it was refused with, null for nothing. */
  async call<T>(
    { type, name, ids }: Called,
    work: () => Promise<T>,
    codeOf: (result: T) => ErrorCode | null,
  ): Promise<T> {
    const { log, metrics, scope, traces } = this.#parts
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

  /** What `work` does, and everything that follows from it, belongs to these. */
  within<T>(ids: CallIds, work: () => T): T {
    return this.#parts.scope.run(ids, work)
  }

  /** More is known of the call that is under way. */
  know(ids: CallIds): void {
    this.#parts.scope.add(ids)
  }

  /** A client is told of an error. One that is our own fault is written down, with what was asked. */
  told(error: unknown, code: ErrorCode, asked: CallIds & Record<string, unknown>): void {
    const { log, metrics } = this.#parts
    metrics.error(code)
    if (code === 'INTERNAL') log.error({ err: error, ...asked }, 'call failed')
    else log.debug({ code, ...asked }, 'call refused')
  }

  refusedUpgrade(reason: string): void {
    this.#parts.metrics.refusedUpgrade(reason)
    this.#parts.log.debug({ reason }, 'a connection was refused')
  }

  /** A connection was opened. */
  connected(ids: CallIds, transport: Transport): void {
    this.#parts.log.debug({ ...ids, transport }, 'connected')
  }

  disconnected(reason: string, ids: CallIds): void {
    this.#parts.metrics.disconnected(reason)
    this.#parts.log.debug({ ...ids, reason }, 'disconnected')
  }

  async transaction<T>(kind: TransactionKind, work: () => Promise<T>): Promise<T> {
    const { metrics, traces } = this.#parts
    const began = performance.now()
    try {
      return await (kind === 'write' ? traces.span('store write', work) : work())
    } finally {
      metrics.transaction(kind, performance.now() - began)
    }
  }

  /** `work` hands a message to the bus. */
  sent<T>(subject: string, work: () => T): T {
    const { metrics, traces } = this.#parts
    const began = performance.now()
    const result = work()
    metrics.busMessage('out')
    traces.done('bus publish', performance.now() - began, { 'messaging.destination.name': subject })
    return result
  }

  received(): void {
    this.#parts.metrics.busMessage('in')
  }

  /** An import answered. */
  imported(form: 'json' | 'markdown', { pages, pagesBytes, entries }: ImportCounts): void {
    this.#parts.metrics.imported(form, pagesBytes)
    this.#parts.log.info({ form, pages, pagesBytes, entries }, 'a campaign was imported')
  }

  busReconnected(): void {
    this.#parts.metrics.busReconnected()
  }
}

const attributesOf = ({ requestId, connectionId, roomId }: CallIds) => ({
  ...(requestId === undefined ? {} : { 'tablecast.request_id': requestId }),
  ...(connectionId === undefined ? {} : { 'tablecast.connection_id': connectionId }),
  ...(roomId === undefined ? {} : { 'tablecast.room_id': roomId }),
})
