// Keeps one room live: opens a transport, folds what comes, notices silence and gaps, and comes back by itself.
import { audienceOf, formatPosition, type CampaignEvent, type PresenceEvent, type Role } from '@tablecast/contracts'
import { api } from '../api.ts'
import { awaySummary } from './away.ts'
import { type LinkEvent, nextLink } from './link-machine.ts'
import { emptyLive, useLive } from './live-store.ts'
import { foldEvent, type RoomState } from './room-state.ts'
import { isFinal, type Opened, openTransport } from './transports.ts'

/** Heartbeats come every 15 s. */
const SILENCE_MS = 40_000
const OPEN_MS = 8_000
const UPGRADE_MS = 20_000
const ACK_MS = 700
/** Away for less is a hiccup, nothing to sum up. */
const AWAY_MS = 3_000

export class RoomConnection {
  readonly #roomId: string
  readonly #userId: string
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>()
  readonly #listeners = new AbortController()
  #opened: Opened | null = null
  #mustHeal = false
  /** The state when the link was lost, for the summary. */
  #before: { room: RoomState; at: number } | null = null

  constructor(roomId: string, me: { userId: string; role: Role }) {
    this.#roomId = roomId
    this.#userId = me.userId
    const { signal } = this.#listeners
    useLive.setState({ ...emptyLive })
    addEventListener('online', () => this.#now({ type: 'online' }), { signal })
    addEventListener('offline', () => this.#now({ type: 'offline', now: Date.now() }), { signal })
    document.addEventListener('visibilitychange', () => this.#visible(), { signal })
    exposeProbe(audienceOf(me.role))
    this.#connect()
  }

  close(): void {
    this.#listeners.abort()
    this.#close()
    for (const timer of this.#timers.values()) clearTimeout(timer)
  }

  /** Drops the cursor: the server answers with a snapshot. */
  resync(): void {
    this.#mustHeal = true
    this.#now({ type: 'failed', now: Date.now(), canHttp: true, chance: 0 })
    this.#now({ type: 'online' })
  }

  #visible(): void {
    this.#acknowledgeSoon()
    // Phones close sockets in the background; who returns must not wait out a backoff.
    if (document.visibilityState === 'visible' && useLive.getState().link.kind !== 'live') this.#now({ type: 'online' })
  }

  #now(event: LinkEvent): void {
    const before = useLive.getState().link
    const link = nextLink(before, event)
    if (link === before) return
    useLive.setState({ link })
    if (before.kind === 'live') this.#lost()
    this.#clear('open', 'retry', 'silence', 'upgrade')
    switch (link.kind) {
      case 'connecting':
        this.#connect()
        break
      case 'live':
        this.#later('silence', SILENCE_MS, () => void this.#failed(null))
        if (link.transport !== 'websocket') this.#later('upgrade', UPGRADE_MS, () => void this.#tryUpgrade())
        this.#backAgain()
        this.#acknowledgeSoon()
        break
      case 'reconnecting':
        this.#close()
        this.#later('retry', Math.max(0, link.at - Date.now()), () => this.#now({ type: 'try' }))
        break
      default:
        this.#close()
    }
  }

  #connect(): void {
    this.#close()
    const { link, room } = useLive.getState()
    const transport = link.kind === 'connecting' ? link.transport : 'websocket'
    const cursor = room && !this.#mustHeal ? formatPosition(room.position) : null
    this.#mustHeal = false
    this.#later('open', OPEN_MS, () => void this.#failed(null))
    this.#opened = openTransport(transport, this.#roomId, cursor, {
      event: (id, event) => this.#event(id, event),
      presence: (event) => this.#presence(event),
      failed: (error) => void this.#failed(error),
    })
  }

  #close(): void {
    this.#opened?.close()
    this.#opened = null
  }

  #heard(): void {
    useLive.setState({ heardAt: Date.now() })
    if (useLive.getState().link.kind === 'connecting') this.#now({ type: 'opened', now: Date.now() })
    else this.#later('silence', SILENCE_MS, () => void this.#failed(null))
  }

  #event(id: string, event: CampaignEvent): void {
    const { room: before, received } = useLive.getState()
    const room = foldEvent(before, id, event)
    if (room !== before) useLive.setState({ room, received: received + 1 })
    this.#heard()
    this.#acknowledgeSoon()
    if (room && !room.isTrue) this.#heal()
  }

  /** The hash differs from the server's: take a snapshot, and let the DM see that it happened. */
  #heal(): void {
    useLive.setState(({ healed }) => ({ healed: healed + 1 }))
    this.resync()
  }

  #presence(event: PresenceEvent): void {
    switch (event.type) {
      case 'player_joined':
      case 'player_left':
      case 'player_status':
        useLive.setState({ roster: event.roster })
        // With nothing missed, the roster is the first thing that comes.
        if (useLive.getState().room) this.#heard()
        break
      case 'heartbeat':
        this.#heard()
        this.#checkTail(event)
        break
      case 'resync':
        if (event.user_id === this.#userId) this.resync()
        break
    }
  }

  /** A heartbeat that is ahead of us for more than a moment tells that the tail is missing. */
  #checkTail({ epoch, seq }: { epoch: string; seq: number }): void {
    const position = useLive.getState().room?.position
    if (!position || (position.epoch === epoch && position.seq >= seq)) return
    this.#later('tail', 2_000, () => {
      const now = useLive.getState().room?.position
      if (!now || now.epoch !== epoch || now.seq < seq) void this.#failed(null)
    })
  }

  async #failed(error: unknown): Promise<void> {
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
    else this.#later('upgrade', UPGRADE_MS, () => void this.#tryUpgrade())
  }

  #lost(): void {
    const { room } = useLive.getState()
    if (room && !this.#before) this.#before = { room, at: Date.now() }
  }

  #backAgain(): void {
    const before = this.#before
    if (!before) return
    // What was missed comes in a burst right after the connection.
    this.#later('away', 600, () => {
      this.#before = null
      const isNews = Date.now() - before.at > AWAY_MS
      const away = isNews ? awaySummary(before.room, useLive.getState().room) : []
      if (away.length > 0) useLive.setState({ away })
    })
  }

  /** Tells the server what is applied here, so that the DM sees who is in step. */
  #acknowledgeSoon(): void {
    if (this.#timers.has('ack')) return
    this.#later('ack', ACK_MS, () => {
      const { room, link, healed } = useLive.getState()
      if (!room || link.kind !== 'live') return
      const applied = {
        ...room.position,
        hash: room.campaign?.hash ?? '',
        transport: link.transport,
        visible: document.visibilityState === 'visible',
        healed,
      }
      const sentAt = performance.now()
      const rttMs = Math.round(this.#rtt)
      api.presence.set.mutate({ roomId: this.#roomId, applied, ...(rttMs > 0 ? { rttMs } : {}) }).then(
        () => void (this.#rtt = performance.now() - sentAt),
        () => {}, // The link notices by itself.
      )
    })
  }

  #rtt = 0

  #later(name: string, ms: number, work: () => void): void {
    clearTimeout(this.#timers.get(name))
    this.#timers.set(
      name,
      setTimeout(() => {
        this.#timers.delete(name)
        work()
      }, ms),
    )
  }

  #clear(...names: string[]): void {
    for (const name of names) {
      clearTimeout(this.#timers.get(name))
      this.#timers.delete(name)
    }
  }
}

/** `window.tablecast()` tells what this tab has applied: for tests, and for a bug report. It shows nothing that the page doesn't. */
function exposeProbe(audience: 'dm' | 'player'): void {
  const probe = () => {
    const { room, link, healed, received } = useLive.getState()
    const campaign = room?.campaign
    return {
      audience,
      link: link.kind === 'live' ? link.transport : link.kind,
      epoch: room?.position.epoch ?? null,
      seq: room?.position.seq ?? 0,
      hash: campaign?.hash ?? null,
      entries: campaign?.entries.map(({ id }) => id) ?? [],
      healed,
      received,
    }
  }
  Object.assign(window, { tablecast: probe })
}
