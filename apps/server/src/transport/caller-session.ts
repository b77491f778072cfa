// The caller at the other end of a connection. The session ends when its token expires, unless the client renews it first.
//
// Every connection has one for as long as it lasts, so a session holds plain values and objects that exist anyway. A function for each
// watcher, with what the function refers to, would take several times the memory.
import { TablecastError } from '@tablecast/contracts'
import type { Expiry } from './expiry.ts'
import { type Few, listOf, withOne, withoutOne } from './few.ts'
import type { Identity } from './identity.ts'
import type { Ticked } from './ticker.ts'

export interface ExpiryWatcher {
  /** The token has expired and no newer one came. Called once. */
  expired(): void
}

export class CallerSession implements Ticked {
  readonly #expiry: Expiry
  #identity: Identity | null
  /** The end of the token on the monotonic clock. */
  #deadline: number
  #watchers: Few<ExpiryWatcher> = null

  constructor(identity: Identity | null, expiry: Expiry) {
    this.#expiry = expiry
    this.#identity = identity
    this.#deadline = identity ? expiry.deadlineOf(identity.expiresAt) : Infinity
  }

  get identity(): Identity | null {
    return this.#identity
  }

  /** The token has expired and the client sent no newer one. */
  get isOver(): boolean {
    return this.#identity !== null && this.#expiry.isPast(this.#identity.expiresAt, this.#deadline)
  }

  /** Throws FORBIDDEN for somebody else's token. */
  renew(identity: Identity): void {
    if (identity.userId !== this.#identity?.userId)
      throw new TablecastError('FORBIDDEN', 'This connection is somebody else’s: open a new one.')
    this.#identity = identity
    this.#deadline = this.#expiry.deadlineOf(identity.expiresAt)
  }

  watch(watcher: ExpiryWatcher): void {
    if (this.#identity && this.#watchers === null) this.#expiry.watch(this)
    this.#watchers = withOne(this.#watchers, watcher)
  }

  unwatch(watcher: ExpiryWatcher): void {
    if (this.#watchers === null) return
    this.#watchers = withoutOne(this.#watchers, watcher)
    if (this.#watchers === null) this.#expiry.unwatch(this)
  }

  /** Calls `work` once when the token has expired and no newer one came. Returns a function that takes `work` out again. */
  onExpiry(work: () => void): () => void {
    const watcher = { expired: work }
    this.watch(watcher)
    return () => this.unwatch(watcher)
  }

  /** The connection is gone: calls no watcher any more. */
  close(): void {
    this.#watchers = null
    this.#expiry.unwatch(this)
  }

  /** Ends the session now, as if the token had expired. */
  end(): void {
    if (!this.#identity) return
    this.#deadline = -Infinity
    this.tick()
  }

  tick(): void {
    if (!this.isOver) return
    const watchers = this.#watchers
    this.#watchers = null
    this.#expiry.unwatch(this)
    for (const watcher of listOf(watchers)) watcher.expired()
  }
}

export const expired = () => new TablecastError('UNAUTHORIZED', 'The token has expired: sign in again.')
