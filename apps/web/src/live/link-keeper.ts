// Keeps a feed live: opens a transport, doubts silence, comes back by itself, goes down to what gets through and up again.
import { session } from '../auth/session.ts'
import { initialLink, type Link, type LinkEvent, nextLink } from './link-machine.ts'
import { browser, type Surroundings } from './surroundings.ts'
import { Timers } from './timers.ts'
import { type Feed, isFinal, type Opened } from './transports.ts'

const OPEN_MS = 8_000
const UPGRADE_MS = 20_000
/** Nothing came for so long: the server is asked. A page that nobody looks at can wait. */
const DOUBT_MS = { visible: 10_000, hidden: 40_000 }
/** A server that is there answers within this. */
const ANSWER_MS = 2_000
/** While nothing answers, a page that somebody looks at looks again after this, and up to as much more. */
const LOOK_MS = 600
/** A try that was begun while nothing answered is given so long alone. */
const STUCK_MS = 1_500

export type LinkKeeperOptions = {
  /** Made for each try, with the cursor of that moment. */
  feed(): Feed
  changed(link: Link, before: Link): void
  /** A live feed that says nothing for so long has failed, even where the connection answers. Null where silence says nothing. */
  silenceMs: number | null
}

export class LinkKeeper {
  readonly #options: LinkKeeperOptions
  readonly #around: Surroundings
  readonly #timers = new Timers()
  readonly #stopWatching: (() => void)[]
  #link: Link = initialLink
  #opened: Opened | null = null
  #isLooking = false
  #isClosed = false

  constructor(options: LinkKeeperOptions, around: Surroundings = browser) {
    this.#options = options
    this.#around = around
    this.#stopWatching = [
      around.watch({
        returned: () => this.#returned(),
        offline: () => this.#now({ type: 'offline', at: around.timeOfDay() }),
      }),
      session.watch((change) => {
        if (change !== 'refused') this.#now({ type: change === 'renewed' ? 'renewed' : 'signed_out' })
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

  /** Something of the feed came: the link is live. */
  heard(): void {
    const { silenceMs } = this.#options
    if (this.#link.kind === 'connecting') this.#now({ type: 'opened', now: this.#around.now() })
    else if (silenceMs !== null) this.#timers.set('silence', silenceMs, () => this.failed(null))
    this.#answered()
  }

  /** Begins again at once. */
  reopen(): void {
    this.#lost()
    this.#now({ type: 'returned' })
  }

  /** `token`: the one that it was tried with. */
  failed(error: unknown, token?: string): void {
    const final = isFinal(error)
    if (final === 'ended') return this.#now({ type: 'ended', reason: error instanceof Error ? error.message : '' })
    if (final === 'refused') {
      const outcome = session.refused(token)
      if (outcome !== 'again') return this.#now({ type: outcome === 'renewing' ? 'expired' : 'signed_out' })
    }
    this.#lost()
    void this.#look()
  }

  #lost(): void {
    const { now, random, isVisible } = this.#around
    this.#now({ type: 'failed', now: now(), chance: random(), isVisible: isVisible() })
  }

  #returned(): void {
    this.#now({ type: 'returned' })
    // Asked already, it is asked again: the page may have slept since.
    if (this.#link.kind === 'live') this.#ask()
  }

  #now(event: LinkEvent): void {
    const before = this.#link
    const link = nextLink(before, event)
    if (link === before || this.#isClosed) return
    this.#link = link
    this.#options.changed(link, before)
    // Whether it is doubted changes nothing about what is open.
    if (link.kind === 'live' && before.kind === 'live') return
    this.#timers.clear('open', 'retry', 'silence', 'doubt', 'answer', 'upgrade', 'look')
    switch (link.kind) {
      case 'connecting':
        this.#connect()
        if (!link.isReachable) this.#lookSoon(STUCK_MS)
        break
      case 'live':
        this.heard()
        if (link.transport !== 'websocket') this.#timers.set('upgrade', UPGRADE_MS, () => void this.#tryUpgrade())
        break
      case 'reconnecting':
        this.#close()
        this.#timers.set('retry', Math.max(0, link.at - this.#around.now()), () => this.#now({ type: 'try' }))
        if (!link.isReachable) this.#lookSoon(this.#lookMs())
        break
      default:
        this.#close()
    }
  }

  #connect(): void {
    this.#close()
    this.#timers.set('open', OPEN_MS, () => this.failed(null))
    this.#opened = this.#open(this.#link.kind === 'connecting' ? this.#link.transport : 'websocket')
  }

  #open(transport: Parameters<Surroundings['openTransport']>[0]): Opened {
    const token = session.current?.token
    return this.#around.openTransport(transport, this.#options.feed(), {
      failed: (error) => this.failed(error, token),
      heard: () => this.#answered(),
    })
  }

  #close(): void {
    this.#opened?.close()
    this.#opened = null
  }

  /** Something came over the connection, whatever it was. */
  #answered(): void {
    if (this.#link.kind !== 'live') return
    this.#timers.clear('answer')
    this.#now({ type: 'heard' })
    if (!this.#opened?.tellsSilence) this.#timers.set('doubt', this.#doubtMs(), () => this.#doubt())
  }

  #doubtMs(): number {
    return this.#around.isVisible() ? DOUBT_MS.visible : DOUBT_MS.hidden
  }

  #doubt(): void {
    this.#now({ type: 'doubted' })
    this.#ask()
  }

  /** A transport on which nothing can be asked is opened again, where it was. */
  #ask(): void {
    if (this.#link.kind !== 'live') return
    this.#timers.set('answer', ANSWER_MS, () => this.failed(null))
    if (this.#opened?.ask) return this.#opened.ask()
    this.#close()
    this.#opened = this.#open(this.#link.transport)
  }

  /** Nobody waits for a page that nobody sees, and who comes back to it does not wait. */
  #lookSoon(ms: number): void {
    if (!this.#isClosed && this.#around.isVisible()) this.#timers.set('look', ms, () => void this.#look())
  }

  /** One look at a time; while nothing answers, the next one follows. */
  async #look(): Promise<void> {
    if (this.#isLooking) return
    this.#isLooking = true
    const { kind } = this.#link
    const canHttp = await this.#around.isServerReady()
    this.#isLooking = false
    // Of a try that was begun meanwhile it says nothing.
    if (this.#link.kind === kind)
      this.#now({ type: 'looked', now: this.#around.now(), chance: this.#around.random(), canHttp })
    const link = this.#link
    const isAway = (link.kind === 'connecting' || link.kind === 'reconnecting') && !link.isReachable
    if (isAway && !this.#timers.has('look')) this.#lookSoon(this.#lookMs())
  }

  #lookMs(): number {
    return LOOK_MS * (1 + this.#around.random())
  }

  /** On a lesser transport: goes up as soon as a WebSocket gets through again. */
  async #tryUpgrade(): Promise<void> {
    const isThrough = await this.#around.isWebSocketThrough().catch(() => false)
    if (this.#isClosed || this.#link.kind !== 'live') return
    if (isThrough) this.#now({ type: 'upgrade' })
    else this.#timers.set('upgrade', UPGRADE_MS, () => void this.#tryUpgrade())
  }
}
