import type { Store, Repositories, TransactionOptions } from '@tablecast/store'
import type { Telemetry } from './telemetry.ts'

type Work<T> = (tables: Repositories) => Promise<T>

/** Wraps a store. Reports the duration of each transaction to the telemetry. */
export const measuredStore = (store: Store, telemetry: Telemetry): Store => ({
  kind: store.kind,
  ...(store.condition ? { condition: store.condition } : {}),
  ...(store.knownStates ? { knownStates: store.knownStates } : {}),
  read: <T>(work: Work<T>, options?: TransactionOptions) =>
    telemetry.transaction('read', () => store.read(work, options)),
  write: <T>(work: Work<T>, options?: TransactionOptions) =>
    telemetry.transaction('write', () => store.write(work, options)),
  ping: () => store.ping(),
  [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
})
