// The person of this page: a guest, whose token the browser keeps, or an account, whose token is in memory alone. The person stays the
// same until the page is reloaded, whatever other tabs do. The server decides whether a token is good, never this device's clock.
import type { Session } from '@tablecast/contracts'
import { type BrowserStorage, storage } from '../storage.ts'

export type KnownSession = Session & { kind: 'guest' | 'account' }
/** After a refused token: try `again` with the current one, wait while it is `renewing`, or give up. */
export type AfterRefusal = 'again' | 'renewing' | 'signed_out'
/** `refused`: the server no longer knows this browser's guest. */
export type SessionChange = 'renewed' | 'ended' | 'refused'

const KEY = 'tablecast.session'
/** A call waits for a newer token at most this long. */
const NEW_TOKEN_TIMEOUT_MS = 10_000

export class PageSession {
  readonly #storage: BrowserStorage
  readonly #watchers = new Set<(change: SessionChange) => void>()
  readonly #renewers = new Set<() => void>()
  #current: KnownSession | null = null
  /** True once the page has had a person. From then on a guest stored by another tab is ignored. */
  #isTaken = false

  constructor(kept: BrowserStorage) {
    this.#storage = kept
  }

  get current(): KnownSession | null {
    if (this.#current || this.#isTaken) return this.#current
    const guest = this.storedGuest
    if (guest) this.#become({ ...guest, kind: 'guest' })
    return this.#current
  }

  /** The guest whom this browser keeps, also while the page has an account. */
  get storedGuest(): Session | null {
    return this.#storage.readJson(KEY, isSession)
  }

  saveGuest(session: Session): void {
    this.#storage.write(KEY, JSON.stringify(session))
    this.#become({ ...session, kind: 'guest' })
    this.#tell('renewed')
  }

  forgetGuest(): void {
    this.#storage.write(KEY, null)
  }

  /** Tells open connections, so that they go on with the newer token. */
  setAccount(session: Session): void {
    this.#become({ ...session, kind: 'account' })
    this.#tell('renewed')
  }

  /** Signs the account out. From then on the page has no person. */
  endAccount(): void {
    if (this.#current?.kind !== 'account') return
    this.#become(null)
    this.#tell('ended')
  }

  /** To be called when the server refused `token`; undefined stands for a call without one. */
  refused(token: string | undefined): AfterRefusal {
    const now = this.#current
    if (now?.token !== token) return 'again'
    if (!now) return 'signed_out'
    if (now.kind === 'account') {
      for (const renew of this.#renewers) renew()
      return 'renewing'
    }
    this.#become(null)
    this.#tell('refused')
    return 'again'
  }

  /** Resolves to true when a call that was refused with this token can be tried again, and to false when it can't. */
  async afterRefusal(token: string | undefined, signal?: AbortSignal | null): Promise<boolean> {
    const outcome = this.refused(token)
    if (outcome !== 'renewing') return outcome === 'again'
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const stop = this.watch((change) => resolve(change === 'renewed'))
    const timer = setTimeout(() => resolve(false), NEW_TOKEN_TIMEOUT_MS)
    const aborted = () => resolve(false)
    signal?.addEventListener('abort', aborted, { once: true })
    return promise.finally(() => {
      stop()
      clearTimeout(timer)
      signal?.removeEventListener('abort', aborted)
    })
  }

  /** Returns a function that stops it. */
  watch(changed: (change: SessionChange) => void): () => void {
    this.#watchers.add(changed)
    return () => void this.#watchers.delete(changed)
  }

  /** `renew` is called when the server refuses the account's token. Returns a function that stops it. */
  renewWith(renew: () => void): () => void {
    this.#renewers.add(renew)
    return () => void this.#renewers.delete(renew)
  }

  #become(session: KnownSession | null): void {
    this.#current = session
    this.#isTaken = true
  }

  #tell(change: SessionChange): void {
    for (const changed of this.#watchers) changed(change)
  }
}

function isSession(value: unknown): value is Session {
  if (typeof value !== 'object' || value === null) return false
  const { token, userId, name } = value as Partial<Record<keyof Session, unknown>>
  return [token, userId, name].every((one) => typeof one === 'string' && one !== '')
}

export const session: PageSession = new PageSession(storage)

export const readSession = (): KnownSession | null => session.current
