// Keeps an account signed in for as long as its page is open: tells the server who has come, renews the token ahead of its end and when the
// server refuses it, waits for a sign-in service that is away, and says when it is over. Outside React; a test brings its own provider.
import type { Me } from '@tablecast/contracts'
import type { BrowserEvents } from '../live/surroundings.ts'
import { Timers } from '../live/timers.ts'
import { serverClock } from '../server-clock.ts'
import type { PageSession } from './session.ts'

/** `elsewhere`: signed out in another tab. `changed`: the server uses another sign-in service now. */
export type AccountEnd = 'elsewhere' | 'ended' | 'other_person' | 'changed'

/** `isWaiting`: the token has ended, and the next one is not there yet. `stuck` is tried again by itself. */
export type AccountState =
  | { kind: 'arriving' }
  | { kind: 'stuck'; problem: unknown }
  | { kind: 'here'; name: string; isWaiting: boolean }
  | { kind: 'over'; end: AccountEnd; name: string }

export type AccountOptions = {
  /** A token of the person's; `isFresh`: none that it gave before. Throws what `isRefusal` tells apart. */
  token(isFresh: boolean): Promise<string>
  isRefusal(error: unknown): boolean
  /** Forgets the person, in this page alone. */
  forget(): Promise<void>
  /** The server is told who comes with this token; the guest of this browser goes over into the account. */
  arrive(token: string): Promise<Me>
  /** Whose token it is, by the server. */
  me(token: string): Promise<Me>
  /** Whether the server does not take a token that is new. */
  isUnauthorized(error: unknown): boolean
  isSameProvider(): Promise<boolean>
  session: PageSession
  /** The tabs of this browser. Both take the user who signed out. */
  tabs: { tell(userId: string): void; watch(signedOut: (userId: string) => void): () => void }
  watchBrowser(events: BrowserEvents): () => void
  changed(state: AccountState): void
  random(): number
}

/** So long before its end a token is renewed; one that lives for less than twice as long, at half of its life. */
const AHEAD_MS = 60_000
const MIN_WAIT_MS = 500
const MAX_WAIT_MS = 5_000
/** New tokens that the server refuses in a row, before it is over: a node may not know a new key of the provider's yet. */
const PATIENCE = 4
/** A token that is refused so soon after it came is not replaced at once: a node that is mistaken must not drive the provider. */
const REST_MS = 2_000
/** The longest time-out that a timer takes. */
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

  /** In this page and, by the caller, at the provider; the other tabs of this browser are told. */
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

  /** The server does not take the token any more. */
  #refused(): void {
    if (!this.#isWaiting && this.#me) {
      this.#isWaiting = true
      this.#tell()
    }
    if (this.#timers.has('rest')) this.#askIn(REST_MS)
    else void this.#ask()
  }

  #askIn(ms: number): void {
    this.#timers.set('renew', ms, () => void this.#ask())
  }

  #returned(): void {
    if (this.#failures > 0 || serverClock.now() > this.#endsAt - AHEAD_MS / 2) void this.#ask()
  }

  /** Asks for a token, one at a time, until there is one or it is over. */
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
    // The provider gave a token of whoever is signed in there by now.
    if (before && before.userId !== me.userId) return this.#end('other_person')
    if (!before) session.forgetGuest()
    this.#me = me
    this.#isWaiting = false
    this.#endsAt = Date.parse(me.expiresAt)
    const left = this.#endsAt - serverClock.now()
    this.#askIn(Math.min(MAX_TIMEOUT_MS, Math.max(1_000, left - AHEAD_MS, left / 2)))
    this.#timers.set('rest', REST_MS, () => {})
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
      if (this.#refusals >= PATIENCE) return this.#end('ended')
    }
    this.#askIn(Math.min(MAX_WAIT_MS, MIN_WAIT_MS * 2 ** this.#failures++) * (0.5 + random() / 2))
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
