// Who is at the other end of a connection, for as long as it lasts: a newer token keeps it alive, an old one ends it.
import { TablecastError } from '@tablecast/contracts'
import type { Identity } from './identity.ts'

/** The longest time-out that a timer takes. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

export class CallerSession {
  #identity: Identity | null
  readonly #watchers = new Set<() => void>()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(identity: Identity | null) {
    this.#identity = identity
  }

  get identity(): Identity | null {
    return this.#identity
  }

  /** Throws FORBIDDEN for somebody else's token. */
  renew(identity: Identity): void {
    if (identity.userId !== this.#identity?.userId)
      throw new TablecastError('FORBIDDEN', 'this connection is somebody else’s: open a new one')
    this.#identity = identity
    this.#schedule()
  }

  /** Calls back once the token has expired and none came in its place. Returns what takes it back. */
  onExpiry(work: () => void): () => void {
    this.#watchers.add(work)
    if (this.#watchers.size === 1) this.#schedule()
    return () => {
      if (this.#watchers.delete(work) && this.#watchers.size === 0) clearTimeout(this.#timer)
    }
  }

  /** As if the token had expired. */
  end(): void {
    if (!this.#identity) return
    this.#identity = { ...this.#identity, expiresAt: 0 }
    this.#look()
  }

  #schedule(): void {
    clearTimeout(this.#timer)
    if (!this.#identity || this.#watchers.size === 0) return
    const left = this.#identity.expiresAt - Date.now()
    this.#timer = setTimeout(() => this.#look(), Math.min(Math.max(0, left), MAX_TIMEOUT_MS))
  }

  #look(): void {
    if ((this.#identity?.expiresAt ?? Infinity) > Date.now()) return this.#schedule()
    for (const work of this.#watchers) work()
  }
}

export const expired = () => new TablecastError('UNAUTHORIZED', 'the token has expired: sign in again')
