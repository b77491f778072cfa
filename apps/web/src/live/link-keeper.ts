// Keeps a feed live: opens a transport, notices silence, comes back by itself, goes down to what gets through and up again.
import { initialLink, type Link, type LinkEvent, nextLink } from './link-machine.ts'
import { Timers } from './timers.ts'
import { type Feed, isFinal, type Opened, openTransport } from './transports.ts'

const OPEN_MS = 8_000
const UPGRADE_MS = 20_000

export type LinkKeeperOptions = {
  /** Made anew for each try, with the cursor of that moment. */
  feed(): Feed
  changed(link: Link, before: Link): void
  /** Without a word for so long, a live link has failed. Null where silence says nothing. */
  silenceMs: number | null
}

export class LinkKeeper {
  readonly #options: LinkKeeperOptions
  readonly #timers = new Timers()
  readonly #listeners = new AbortController()
  #link: Link = initialLink
  #opened: Opened | null = null

  constructor(options: LinkKeeperOptions) {
    this.#options = options
    const { signal } = this.#listeners
    addEventListener('online', () => this.#now({ type: 'online' }), { signal })
    addEventListener('offline', () => this.#now({ type: 'offline', now: Date.now() }), { signal })
    document.addEventListener('visibilitychange', () => this.#visible(), { signal })
  }

  get link(): Link {
    return this.#link
  }

  start(): void {
    this.#connect()
  }

  close(): void {
    this.#listeners.abort()
    this.#close()
    this.#timers.clear()
  }

  /** Something came: the link is live. */
  heard(): void {
    const { silenceMs } = this.#options
    if (this.#link.kind === 'connecting') this.#now({ type: 'opened', now: Date.now() })
    else if (silenceMs !== null) this.#timers.set('silence', silenceMs, () => void this.failed(null))
  }

  /** Begins again at once. */
  reopen(): void {
    this.#now({ type: 'failed', now: Date.now(), canHttp: true, chance: 0 })
    this.#now({ type: 'online' })
  }

  async failed(error: unknown): Promise<void> {
    const final = isFinal(error)
    if (final === 'signed_out') return this.#now({ type: 'signed_out' })
    if (final === 'ended') return this.#now({ type: 'ended', reason: (error as Error).message })
    this.#close()
    const canHttp = await fetch('/health', { cache: 'no-store', signal: AbortSignal.timeout(3_000) }).then(
      ({ ok }) => ok,
      () => false,
    )
    if (this.#listeners.signal.aborted) return
    this.#now({ type: 'failed', now: Date.now(), canHttp, chance: Math.random() })
  }

  // Phones close sockets in the background; who returns must not wait out a backoff.
  #visible(): void {
    if (document.visibilityState === 'visible' && this.#link.kind !== 'live') this.#now({ type: 'online' })
  }

  #now(event: LinkEvent): void {
    const before = this.#link
    const link = nextLink(before, event)
    if (link === before) return
    this.#link = link
    this.#options.changed(link, before)
    this.#timers.clear('open', 'retry', 'silence', 'upgrade')
    switch (link.kind) {
      case 'connecting':
        this.#connect()
        break
      case 'live':
        this.heard()
        if (link.transport !== 'websocket') this.#timers.set('upgrade', UPGRADE_MS, () => void this.#tryUpgrade())
        break
      case 'reconnecting':
        this.#close()
        this.#timers.set('retry', Math.max(0, link.at - Date.now()), () => this.#now({ type: 'try' }))
        break
      default:
        this.#close()
    }
  }

  #connect(): void {
    this.#close()
    const transport = this.#link.kind === 'connecting' ? this.#link.transport : 'websocket'
    this.#timers.set('open', OPEN_MS, () => void this.failed(null))
    this.#opened = openTransport(transport, this.#options.feed(), (error) => void this.failed(error))
  }

  #close(): void {
    this.#opened?.close()
    this.#opened = null
  }

  /** On a lesser transport: goes up as soon as a WebSocket gets through again. */
  async #tryUpgrade(): Promise<void> {
    const isThrough = await new Promise<boolean>((resolve) => {
      const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/trpc`)
      const timer = setTimeout(() => socket.close(), 4_000)
      socket.addEventListener('open', () => {
        resolve(true)
        socket.close()
      })
      socket.addEventListener('close', () => {
        clearTimeout(timer)
        resolve(false)
      })
    }).catch(() => false)
    if (this.#listeners.signal.aborted) return
    if (isThrough) this.#now({ type: 'upgrade' })
    else this.#timers.set('upgrade', UPGRADE_MS, () => void this.#tryUpgrade())
  }
}
