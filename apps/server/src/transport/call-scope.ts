// The ids of the call that is under way. Every line that is logged during the call carries them.
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'

/** `requestId` is that of an HTTP request, as in its `x-request-id`. `connectionId` is that of a socket. */
export type CallIds = { requestId?: string; connectionId?: string; userId?: string; roomId?: string }

/** One flat string. V8 joins a UUID of fourteen pieces, and keeps the pieces: half a kilobyte for each connection. */
export const newConnectionId = (): string => randomBytes(12).toString('base64url')

export class CallScope {
  readonly #storage = new AsyncLocalStorage<CallIds>()

  /** The ids that are known so far; empty outside of a call. */
  get ids(): CallIds {
    return this.#storage.getStore() ?? {}
  }

  run<T>(ids: CallIds, work: () => T): T {
    return this.#storage.run({ ...ids }, work)
  }

  /** Adds ids to the call that is under way. Does nothing outside of a call. */
  add(ids: CallIds): void {
    Object.assign(this.#storage.getStore() ?? {}, ids)
  }
}
