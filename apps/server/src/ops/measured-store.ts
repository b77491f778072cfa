import type { Store, Tables } from '@tablecast/store'
import type { Telemetry } from './telemetry.ts'

/** The same store; how long its transactions take is told. */
export const measuredStore = (store: Store, telemetry: Telemetry): Store => ({
  kind: store.kind,
  read: <T>(work: (tables: Tables) => Promise<T>) => telemetry.transaction('read', () => store.read(work)),
  write: <T>(work: (tables: Tables) => Promise<T>) => telemetry.transaction('write', () => store.write(work)),
  ping: () => store.ping(),
  [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
})
