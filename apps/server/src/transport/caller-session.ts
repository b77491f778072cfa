// Who is at the other end of a connection, for as long as it lasts: a newer token keeps it alive, an old one ends it.
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

  /** The token has expired and none came in its place. */
  get isOver(): boolean {
    return this.#isPast()
  }

  /** Throws FORBIDDEN for somebody else's token. */
  renew(identity: Identity): void {
    if (identity.userId !== this.#identity?.userId)
      throw new TablecastError('FORBIDDEN', 'this connection is somebody else’s: open a new one')
    this.#identity = identity
    this.#isPast = this.#expiry.deadline(identity.expiresAt)
  }

  /** Calls back once the token has expired and none came in its place. Returns what takes it back. */
  onExpiry(work: () => void): () => void {
    this.#watchers.add(work)
    if (this.#identity) this.#unwatch ??= this.#expiry.watch(() => this.#look())
    return () => {
      if (this.#watchers.delete(work) && this.#watchers.size === 0) this.#rest()
    }
  }

  /** As if the token had expired. */
  end(): void {
    if (!this.#identity) return
    this.#isPast = () => true
    this.#look()
  }

  #look(): void {
    if (!this.isOver) return
    const watchers = this.#watchers
    this.#watchers = new Set()
    this.#rest()
    for (const work of watchers) work()
  }

  #rest(): void {
    this.#unwatch?.()
    this.#unwatch = null
  }
}

export const expired = () => new TablecastError('UNAUTHORIZED', 'the token has expired: sign in again')
