// The caller at the other end of a connection. The session ends when its token expires, unless the client renews it first.
import { TablecastError } from '@tablecast/contracts'
import type { Deadline, Expiry } from './expiry.ts'
import type { Identity } from './identity.ts'

export class CallerSession {
  readonly #expiry: Expiry
  #identity: Identity | null
  #isPast: Deadline
  #watchers = new Set<() => void>()
  #unwatch: (() => void) | null = null

  constructor(identity: Identity | null, expiry: Expiry) {
    this.#expiry = expiry
    this.#identity = identity
    this.#isPast = identity ? expiry.deadline(identity.expiresAt) : () => false
  }

  get identity(): Identity | null {
    return this.#identity
  }

  /** The token has expired and the client sent no newer one. */
  get isOver(): boolean {
    return this.#isPast()
  }

  /** Throws FORBIDDEN for somebody else's token. */
  renew(identity: Identity): void {
    if (identity.userId !== this.#identity?.userId)
      throw new TablecastError('FORBIDDEN', 'This connection is somebody else’s: open a new one.')
    this.#identity = identity
    this.#isPast = this.#expiry.deadline(identity.expiresAt)
  }

  /** Calls `work` once when the token has expired and no newer one came. Returns a function that takes `work` out again. */
  onExpiry(work: () => void): () => void {
    this.#watchers.add(work)
    if (this.#identity) this.#unwatch ??= this.#expiry.watch(() => this.#checkExpiry())
    return () => {
      if (this.#watchers.delete(work) && this.#watchers.size === 0) this.#stopWatching()
    }
  }

  /** Ends the session now, as if the token had expired. */
  end(): void {
    if (!this.#identity) return
    this.#isPast = () => true
    this.#checkExpiry()
  }

  #checkExpiry(): void {
    if (!this.isOver) return
    const watchers = this.#watchers
    this.#watchers = new Set()
    this.#stopWatching()
    for (const work of watchers) work()
  }

  #stopWatching(): void {
    this.#unwatch?.()
    this.#unwatch = null
  }
}

export const expired = () => new TablecastError('UNAUTHORIZED', 'The token has expired: sign in again.')
