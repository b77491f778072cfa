// Keeps a feed live: opens a transport, checks it after silence, reconnects, falls back to a transport that works, and returns to the best.
import { session } from '../auth/session.ts'
import { initialLink, type Link, type LinkEvent, nextLink } from './link-machine.ts'
import { browser, type BrowserEnvironment } from './browser-environment.ts'
import { Timers } from './timers.ts'
import type { Feed, Opened } from './feed.ts'
import { isFinal } from './transports.ts'

const OPEN_TIMEOUT_MS = 8_000
const UPGRADE_INTERVAL_MS = 20_000
/** After this much silence the server is asked whether it is there. A hidden page can wait longer. */
const MAX_SILENCE_MS = { visible: 10_000, hidden: 40_000 }
/** A connection that does not answer within this time is given up. */
const ANSWER_TIMEOUT_MS = 2_000
/** While nothing answers, a visible page looks again after one to two times this. */
const LOOK_INTERVAL_MS = 600
/** A try that began while nothing answered may take this long before the page looks again beside it. */
const LOOK_BESIDE_TRY_AFTER_MS = 1_500

export type LinkKeeperOptions = {
  /** Called for each try, so that the feed has the newest cursor. */
  feed(): Feed
  changed(link: Link, before: Link): void
  /** A live feed has failed after this much silence, even when its connection answers. Null for a feed that may rest. */
  silenceMs: number | null
  /** The feed goes on whatever becomes of the session of this browser. */
  isAnonymous?: true
  /** No plain request brings the feed, so its `poll` is never called. */
  needsStream?: true
}

export class LinkKeeper {
  readonly #options: LinkKeeperOptions
  readonly #environment: BrowserEnvironment
  readonly #timers = new Timers()
  readonly #stopWatching: (() => void)[]
  #link: Link = initialLink
  #opened: Opened | null = null
  #isLooking = false
  #isClosed = false

  constructor(options: LinkKeeperOptions, environment: BrowserEnvironment = browser) {
    this.#options = options
    this.#environment = environment
    this.#stopWatching = [
      environment.watch({
        returned: () => this.#returned(),
        offline: () => this.#apply({ type: 'offline', at: environment.timeOfDay() }),
      }),
      session.watch((change) => {
        if (change === 'refused' || options.isAnonymous) return
        this.#apply({ type: change === 'renewed' ? 'renewed' : 'signed_out' })
      }),
    ]
  }

  get link(): Link {
    return this.#link
  }

  start(): void {
    this.#connect()
  }

  close(): void {
    this.#isClosed = true
    for (const stop of this.#stopWatching) stop()
    this.#close()
    this.#timers.clear()
  }

  /** To be called for each message of the feed: the link is live. */
  heard(): void {
    const { silenceMs } = this.#options
    if (this.#link.kind === 'connecting') this.#apply({ type: 'opened', now: this.#environment.now() })
    else if (silenceMs !== null) this.#timers.set('silence', silenceMs, () => this.failed(null))
    this.#answered()
  }

  /** Drops the connection and opens a new one at once. */
  reopen(): void {
    this.#lost()
    this.#apply({ type: 'returned' })
  }

  /** `token` is the one that the connection was opened with. */
  failed(error: unknown, token?: string): void {
    const final = isFinal(error)
    if (final === 'ended') return this.#apply({ type: 'ended', reason: error instanceof Error ? error.message : '' })
    if (final === 'refused') {
      const outcome = session.refused(token)
      if (outcome !== 'again') return this.#apply({ type: outcome === 'renewing' ? 'expired' : 'signed_out' })
    }
    this.#lost()
    void this.#look()
  }

  #lost(): void {
    const { now, random, isVisible } = this.#environment
    this.#apply({ type: 'failed', now: now(), chance: random(), isVisible: isVisible() })
  }

  #returned(): void {
    this.#apply({ type: 'returned' })
    // Ask again even if an answer is due: the page may have slept since it asked.
    if (this.#link.kind === 'live') this.#ask()
  }

  #apply(event: LinkEvent): void {
    const before = this.#link
    const link = nextLink(before, event)
    if (link === before || this.#isClosed) return
    this.#link = link
    this.#options.changed(link, before)
    // A doubt changes nothing about the open connection.
    if (link.kind === 'live' && before.kind === 'live') return
    this.#timers.clear('open', 'retry', 'silence', 'doubt', 'answer', 'upgrade', 'look')
    switch (link.kind) {
      case 'connecting':
        this.#connect()
        if (!link.isReachable) this.#lookSoon(LOOK_BESIDE_TRY_AFTER_MS)
        break
      case 'live':
        this.heard()
        if (link.transport !== 'websocket')
          this.#timers.set('upgrade', UPGRADE_INTERVAL_MS, () => void this.#tryUpgrade())
        break
      case 'reconnecting':
        this.#close()
        this.#timers.set('retry', Math.max(0, link.at - this.#environment.now()), () => this.#apply({ type: 'try' }))
        if (!link.isReachable) this.#lookSoon(this.#lookMs())
        break
      default:
        this.#close()
    }
  }

  #connect(): void {
    this.#close()
    this.#timers.set('open', OPEN_TIMEOUT_MS, () => this.failed(null))
    this.#opened = this.#open(this.#link.kind === 'connecting' ? this.#link.transport : 'websocket')
  }

  #open(transport: Parameters<BrowserEnvironment['openTransport']>[0]): Opened {
    const token = session.current?.token
    return this.#environment.openTransport(transport, this.#options.feed(), {
      failed: (error) => this.failed(error, token),
      heard: () => this.#answered(),
    })
  }

  #close(): void {
    this.#opened?.close()
    this.#opened = null
  }

  /** Any message came over the connection. */
  #answered(): void {
    if (this.#link.kind !== 'live') return
    this.#timers.clear('answer')
    this.#apply({ type: 'heard' })
    if (!this.#opened?.tellsSilence) this.#timers.set('doubt', this.#doubtMs(), () => this.#doubt())
  }

  #doubtMs(): number {
    return this.#environment.isVisible() ? MAX_SILENCE_MS.visible : MAX_SILENCE_MS.hidden
  }

  #doubt(): void {
    this.#apply({ type: 'doubted' })
    this.#ask()
  }

  /** Asks whether the server is there. A transport that can't ask is opened again at its position. */
  #ask(): void {
    if (this.#link.kind !== 'live') return
    this.#timers.set('answer', ANSWER_TIMEOUT_MS, () => this.failed(null))
    if (this.#opened?.ask) return this.#opened.ask()
    this.#close()
    this.#opened = this.#open(this.#link.transport)
  }

  /** A hidden page need not look: it looks as soon as a person returns to it. */
  #lookSoon(ms: number): void {
    if (!this.#isClosed && this.#environment.isVisible()) this.#timers.set('look', ms, () => void this.#look())
  }

  /** Looks whether the server answers plain requests, one look at a time, and looks again while nothing answers. */
  async #look(): Promise<void> {
    if (this.#isLooking) return
    this.#isLooking = true
    const { kind } = this.#link
    const canHttp = await this.#environment.isServerReady()
    this.#isLooking = false
    // The answer says nothing about a try that began meanwhile.
    if (this.#link.kind === kind)
      this.#apply({
        type: 'looked',
        now: this.#environment.now(),
        chance: this.#environment.random(),
        canHttp,
        canPoll: !this.#options.needsStream,
      })
    const link = this.#link
    const isAway = (link.kind === 'connecting' || link.kind === 'reconnecting') && !link.isReachable
    if (isAway && !this.#timers.has('look')) this.#lookSoon(this.#lookMs())
  }

  #lookMs(): number {
    return LOOK_INTERVAL_MS * (1 + this.#environment.random())
  }

  /** On a lesser transport: returns to WebSockets as soon as one gets through. */
  async #tryUpgrade(): Promise<void> {
    const isThrough = await this.#environment.isWebSocketThrough().catch(() => false)
    if (this.#isClosed || this.#link.kind !== 'live') return
    if (isThrough) this.#apply({ type: 'upgrade' })
    else this.#timers.set('upgrade', UPGRADE_INTERVAL_MS, () => void this.#tryUpgrade())
  }
}
