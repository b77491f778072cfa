// Who this page is: a guest, whose token the browser keeps, or an account, whose token lives in memory alone. A page stays who it is until
// it is loaded anew, whatever other tabs of this browser do. Whether a token is still good is for the server to say, not for this device's clock.
import type { Session } from '@tablecast/contracts'
import { type BrowserStorage, storage } from '../storage.ts'

export type KnownSession = Session & { kind: 'guest' | 'account' }
/** What follows from a refused token: `again` with what there is now, `renewing` until a newer one comes, or nothing. */
export type AfterRefusal = 'again' | 'renewing' | 'signed_out'
/** `refused`: the server does not know the guest of this browser any more. */
export type SessionChange = 'renewed' | 'ended' | 'refused'

const KEY = 'tablecast.session'
/** A call waits for a newer token so long. */
const WAIT_MS = 10_000

export class PageSession {
  readonly #storage: BrowserStorage
  readonly #watchers = new Set<(change: SessionChange) => void>()
  readonly #renewers = new Set<() => void>()
  #current: KnownSession | null = null
  /** It was somebody already: whom another tab stores from now on is not who this page is. */
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

  /** The guest that this browser is, or was until it signed in with an account. */
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

  /** Connections that are open are told, so that they go on with the newer token. */
  setAccount(session: Session): void {
    this.#become({ ...session, kind: 'account' })
    this.#tell('renewed')
  }

  /** The account is signed out; the page is nobody from now on. */
  endAccount(): void {
    if (this.#current?.kind !== 'account') return
    this.#become(null)
    this.#tell('ended')
  }

  /** The server did not take the token that was sent, undefined for none. */
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

  /** Resolves when a call that was refused with this token may be tried again; false: it may not. */
  async afterRefusal(token: string | undefined, signal?: AbortSignal | null): Promise<boolean> {
    const outcome = this.refused(token)
    if (outcome !== 'renewing') return outcome === 'again'
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const stop = this.watch((change) => resolve(change === 'renewed'))
    const timer = setTimeout(() => resolve(false), WAIT_MS)
    const aborted = () => resolve(false)
    signal?.addEventListener('abort', aborted, { once: true })
    return promise.finally(() => {
      stop()
      clearTimeout(timer)
      signal?.removeEventListener('abort', aborted)
    })
  }

  /** Returns what ends that. */
  watch(changed: (change: SessionChange) => void): () => void {
    this.#watchers.add(changed)
    return () => void this.#watchers.delete(changed)
  }

  /** Who gets newer tokens for the account is asked for one when the server refuses it. Returns what ends that. */
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
