// What a piece of work belongs to, so that every line of the log that is written during it says so without being told.
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'

/** `requestId`: of an HTTP request, as in its `x-request-id`; `connectionId`: of a socket. */
export type CallIds = { requestId?: string; connectionId?: string; userId?: string; roomId?: string }

/** One flat string: a UUID is made of fourteen pieces, and kept as such it takes half a kilobyte for each connection. */
export const newConnectionId = (): string => randomBytes(12).toString('base64url')

export class CallScope {
  readonly #storage = new AsyncLocalStorage<CallIds>()

  /** What is known so far; nothing outside of a call. */
  get ids(): CallIds {
    return this.#storage.getStore() ?? {}
  }

  run<T>(ids: CallIds, work: () => T): T {
    return this.#storage.run({ ...ids }, work)
  }

  /** More is known now. */
  add(ids: CallIds): void {
    Object.assign(this.#storage.getStore() ?? {}, ids)
  }
}
