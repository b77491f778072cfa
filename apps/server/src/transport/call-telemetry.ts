// Reports of endpoints and procedures on their work. `ops/telemetry.ts` writes it into the log, the metrics and the traces.
import type { ErrorCode, Transport } from '@tablecast/contracts'
import type { CallIds } from './call-scope.ts'

export type CallType = 'query' | 'mutation' | 'rest'

/** The name of a call, and the ids of its caller. */
export type CallDetails = { type: CallType; name: string; ids: CallIds }

export interface CallTelemetry {
  /** Measures a call from its start to its end. `codeOf` finds the error code in the result, or null when it succeeded. */
  call<T>(called: CallDetails, work: () => Promise<T>, codeOf: (result: T) => ErrorCode | null): Promise<T>
  /** Runs `work`. Lines that it logs, also in later callbacks, carry these ids. */
  within<T>(ids: CallIds, work: () => T): T
  /** Adds ids to the call that is under way. */
  know(ids: CallIds): void
  /** The server returned this error to a client. */
  errorReturned(error: unknown, code: ErrorCode, fields: CallIds & Record<string, unknown>): void
  refusedUpgrade(reason: string): void
  connected(ids: CallIds, transport: Transport): void
  disconnected(reason: string, ids: CallIds): void
}
