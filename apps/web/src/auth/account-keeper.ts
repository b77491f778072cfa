// Keeps an account signed in while its page is open: brings it to the server, renews its token ahead of its end and when the server
// refuses it, waits for an absent sign-in service, and says when the account is over. Outside React; a test brings its own provider.
import type { Me } from '@tablecast/contracts'
import type { BrowserEvents } from '../live/browser-environment.ts'
import { Timers } from '../live/timers.ts'
import { serverClock } from '../server-clock.ts'
import type { PageSession } from './session.ts'

/** `elsewhere`: another tab signed out. `changed`: the server now uses another sign-in service. */
export type AccountEnd = 'elsewhere' | 'ended' | 'other_person' | 'changed'

/** `isWaiting`: the token has ended and the next one has not come. `stuck` is tried again by itself. */
export type AccountState =
  | { kind: 'arriving' }
  | { kind: 'stuck'; problem: unknown }
  | { kind: 'here'; name: string; isWaiting: boolean }
  | { kind: 'over'; end: AccountEnd; name: string }

export type AccountOptions = {
  /** Gets a token; with `isFresh` a new one. `isRefusal` tells its two kinds of errors apart. */
  token(isFresh: boolean): Promise<string>
  isRefusal(error: unknown): boolean
  /** Forgets the person in this page alone. */
  forget(): Promise<void>
  /** Signs the account in at the server, which merges this browser's guest into it. */
  arrive(token: string): Promise<Me>
  /** Asks the server whose token it is. */
  me(token: string): Promise<Me>
  /** True for the server's refusal of a token. */
  isUnauthorized(error: unknown): boolean
  isSameProvider(): Promise<boolean>
  session: PageSession
  /** The other tabs of this browser. Both functions take the id of the user who signed out. */
  tabs: { tell(userId: string): void; watch(signedOut: (userId: string) => void): () => void }
  watchBrowser(events: BrowserEvents): () => void
  changed(state: AccountState): void
  random(): number
}

/** A token is renewed this long before its end, or at half of its life when that comes later. */
const RENEW_AHEAD_MS = 60_000
const MIN_RETRY_DELAY_MS = 500
const MAX_RETRY_DELAY_MS = 5_000
/** The account is over after this many refused new tokens in a row: a node may not know the provider's new key yet. */
const MAX_REFUSALS = 4
/** A token that is refused sooner than this is not renewed at once: a mistaken node must not make pages flood the provider. */
const MIN_RENEWAL_INTERVAL_MS = 2_000
/** The longest delay that a browser's timer takes. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

export class AccountKeeper {
  readonly #options: AccountOptions
  readonly #timers = new Timers()
  readonly #stops: (() => void)[]
  #me: Me | null = null
  /** By the server's clock. */
  #endsAt = Infinity
  #failures = 0
  #refusals = 0
  #isWaiting = false
  #isAsking = false
  #isOver = false

  constructor(options: AccountOptions) {
    this.#options = options
    this.#stops = [
      options.session.renewWith(() => this.#refused()),
      options.tabs.watch((userId) => userId === this.#me?.userId && this.#end('elsewhere')),
      options.watchBrowser({ returned: () => this.#returned(), offline: () => {} }),
    ]
    void this.#ask()
  }

  /** Signs out in this page and tells the other tabs. The caller signs out at the provider. */
  signOut(): void {
    const { tabs, session } = this.#options
    this.close()
    if (this.#me) tabs.tell(this.#me.userId)
    session.endAccount()
  }

  close(): void {
    this.#isOver = true
    this.#timers.clear()
    for (const stop of this.#stops) stop()
  }

  /** The server refuses the token. */
  #refused(): void {
    if (!this.#isWaiting && this.#me) {
      this.#isWaiting = true
      this.#tell()
    }
    if (this.#timers.has('rest')) this.#askIn(MIN_RENEWAL_INTERVAL_MS)
    else void this.#ask()
  }

  #askIn(ms: number): void {
    this.#timers.set('renew', ms, () => void this.#ask())
  }

  #returned(): void {
    if (this.#failures > 0 || serverClock.now() > this.#endsAt - RENEW_AHEAD_MS / 2) void this.#ask()
  }

  /** Asks for a token, one request at a time, until there is one or the account is over. */
  async #ask(): Promise<void> {
    if (this.#isAsking || this.#isOver) return
    this.#isAsking = true
    this.#timers.clear()
    try {
      await this.#arriveOrRenew()
      this.#failures = 0
      this.#refusals = 0
    } catch (error) {
      if (!this.#isOver) await this.#failed(error)
    } finally {
      this.#isAsking = false
    }
  }

  async #arriveOrRenew(): Promise<void> {
    const { token: ask, arrive, me: who, session } = this.#options
    const before = this.#me
    const token = await ask(before !== null)
    const me = before ? await who(token) : await arrive(token)
    if (this.#isOver) return
    // Another person has signed in at the provider meanwhile.
    if (before && before.userId !== me.userId) return this.#end('other_person')
    if (!before) session.forgetGuest()
    this.#me = me
    this.#isWaiting = false
    this.#endsAt = Date.parse(me.expiresAt)
    const left = this.#endsAt - serverClock.now()
    this.#askIn(Math.min(MAX_TIMEOUT_MS, Math.max(1_000, left - RENEW_AHEAD_MS, left / 2)))
    this.#timers.set('rest', MIN_RENEWAL_INTERVAL_MS, () => {})
    session.setAccount({ token, ...me })
    this.#tell()
  }

  async #failed(error: unknown): Promise<void> {
    const { isRefusal, isUnauthorized, isSameProvider, changed, random } = this.#options
    if (isRefusal(error)) return this.#end('ended')
    if (isUnauthorized(error)) {
      const isSame = await isSameProvider().catch(() => true)
      if (this.#isOver) return
      if (!isSame) return this.#end('changed')
      this.#refusals += 1
      if (this.#refusals >= MAX_REFUSALS) return this.#end('ended')
    }
    this.#askIn(Math.min(MAX_RETRY_DELAY_MS, MIN_RETRY_DELAY_MS * 2 ** this.#failures++) * (0.5 + random() / 2))
    if (!this.#me) changed({ kind: 'stuck', problem: error })
  }

  #tell(): void {
    if (this.#me) this.#options.changed({ kind: 'here', name: this.#me.name, isWaiting: this.#isWaiting })
  }

  #end(end: AccountEnd): void {
    const { session, forget, changed } = this.#options
    this.close()
    session.endAccount()
    void forget().catch(() => {})
    changed({ kind: 'over', end, name: this.#me?.name ?? '' })
  }
}
