// Keeps one room live: folds events, notices gaps, tells the server what is applied here, and sums up what was missed.
import {
  audienceOf,
  foldPresence,
  formatPosition,
  isListed,
  type CampaignEvent,
  type PresenceEvent,
  type Role,
  type WhisperEvent,
} from '@tablecast/contracts'
import { api } from '../api.ts'
import { Absence } from './absence.ts'
import { LinkKeeper } from './link-keeper.ts'
import type { Link } from './link-machine.ts'
import { addWhisperPage, emptyLive, useLive } from './live-store.ts'
import { foldNarrating } from './narrating.ts'
import { openOutbox } from './open-outbox.ts'
import { foldOwnView } from './own-view.ts'
import type { RoomOutbox } from './outbox-state.ts'
import { roomFeed } from './room-feed.ts'
import { foldEvent } from './room-state.ts'
import { Timers } from './timers.ts'
import { foldWhispers } from './whispers.ts'

/** Heartbeats come every 15 s. The link keeper checks the connection itself. */
const MAX_SILENCE_MS = 40_000
const ACK_DELAY_MS = 700
/** Over SSE the server can't ask whether this page is still there, so the page says it at this interval. */
const BEAT_INTERVAL_MS = 2_300
/** Other parts of the page load with the first input of a person, or this long after the page is live. */
const MORE_DELAY_MS = 3_000

export class RoomConnection {
  readonly #roomId: string
  readonly #userId: string
  readonly #timers = new Timers()
  readonly #listeners = new AbortController()
  readonly #keeper: LinkKeeper
  readonly #outbox: RoomOutbox & Disposable
  #mustHeal = false
  readonly #absence = new Absence({
    room: () => useLive.getState().room,
    isOver: (before) => {
      const { room } = useLive.getState()
      import('./away.ts').then(
        // Without news too: an older summary is no longer of this absence.
        ({ awaySummary }) => useLive.setState({ away: awaySummary(before, room) }),
        () => {}, // The story itself shows what was missed.
      )
    },
  })
  #rtt = 0

  constructor(roomId: string, me: { userId: string; role: Role }) {
    this.#roomId = roomId
    this.#userId = me.userId
    useLive.setState({ ...emptyLive })
    this.#outbox = openOutbox(roomId, me.userId)
    for (const input of ['pointermove', 'pointerdown', 'keydown', 'dragenter', 'paste'])
      addEventListener(input, loadMore, { once: true, signal: this.#listeners.signal })
    document.addEventListener('visibilitychange', () => this.#acknowledgeSoon(), { signal: this.#listeners.signal })
    exposeProbe(audienceOf(me.role))
    this.#keeper = new LinkKeeper({
      silenceMs: MAX_SILENCE_MS,
      changed: (link, before) => this.#linkChanged(link, before),
      feed: () => {
        const { room, whispers, roster } = useLive.getState()
        const mustHeal = this.#mustHeal
        this.#mustHeal = false
        const isPlayer = audienceOf(me.role) === 'player'
        return roomFeed(
          roomId,
          {
            events: room && !mustHeal ? formatPosition(room.position) : null,
            whispers: whispers?.id || null,
            // After the position of the roster comes the event that asked for the snapshot, so it would come again and again.
            roster: mustHeal ? null : roster.at,
          },
          {
            whisper: isPlayer ? (id, event) => this.#whisper(id, event) : null,
            event: (id, event) => this.#event(id, event),
            presence: (event) => this.#presence(event),
            connected: (client) => useLive.setState({ client }),
            narrating: (event) => useLive.setState(({ narrating }) => ({ narrating: foldNarrating(narrating, event) })),
          },
        )
      },
    })
    this.#keeper.start()
  }

  close(): void {
    this.#listeners.abort()
    this.#outbox[Symbol.dispose]()
    this.#absence[Symbol.dispose]()
    this.#keeper.close()
    this.#timers.clear()
  }

  /** Drops the cursors: the server answers with snapshots. */
  resync(): void {
    this.#mustHeal = true
    this.#keeper.reopen()
  }

  #linkChanged(link: Link, before: Link): void {
    useLive.setState({ link })
    if (before.kind === 'live') this.#lost()
    if (link.kind !== 'live') return
    this.#outbox.flush()
    this.#timers.set('more', MORE_DELAY_MS, loadMore)
    this.#absence.end()
    this.#acknowledgeSoon()
  }

  #heard(): void {
    useLive.setState({ heardAt: Date.now() })
    this.#keeper.heard()
  }

  #event(id: string, event: CampaignEvent): void {
    const { room: before, received } = useLive.getState()
    const room = foldEvent(before, id, event)
    if (room !== before) useLive.setState({ room, received: received + 1 })
    this.#lookForWhispers()
    this.#heard()
    this.#acknowledgeSoon()
    if (room && !room.isTrue) this.#heal()
  }

  #whisper(id: string, event: WhisperEvent): void {
    useLive.setState(({ whispers, own }) => ({
      whispers: foldWhispers(whispers, id, event),
      own: foldOwnView(own, event),
    }))
    this.#lookForWhispers()
    const { whispers, own } = useLive.getState()
    if (!whispers || !own || own.isTrue) return
    // Without a position the stream begins with a snapshot.
    useLive.setState({ whispers: { ...whispers, id: '' }, own: null })
    this.#heal()
  }

  /** Loads the whispers when another campaign has opened. */
  #lookForWhispers(): void {
    const { room, whispers } = useLive.getState()
    const campaignId = room?.audience === 'player' ? room.campaign?.id : undefined
    if (!campaignId || !whispers || whispers.campaignId === campaignId) return
    useLive.setState({ whispers: { ...whispers, campaignId, entries: [], more: false, marks: [] } })
    api.campaign.whisperHistory.query({ roomId: this.#roomId, campaignId }).then(
      (page) => addWhisperPage(campaignId, page),
      () => {}, // They come with the next connection.
    )
  }

  /** The hash differs from the server's: take a snapshot, and let the DM see that it happened. */
  #heal(): void {
    useLive.setState(({ healed }) => ({ healed: healed + 1 }))
    this.resync()
  }

  #presence(event: PresenceEvent): void {
    switch (event.type) {
      case 'roster':
      case 'roster_changed':
      case 'player_joined':
      case 'player_left':
      case 'player_status':
        this.#roster(event)
        // When no event was missed, the roster is the first message.
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

  #roster(event: PresenceEvent): void {
    const { roster: before } = useLive.getState()
    const roster = foldPresence(before, event)
    useLive.setState({ roster })
    if (isListed(roster, this.#userId) && !isListed(before, this.#userId)) this.#acknowledgeSoon()
  }

  /** When a heartbeat stays ahead of this page for two seconds, the newest events are missing. */
  #checkTail({ epoch, seq }: { epoch: string; seq: number }): void {
    this.#absence.named({ epoch, seq })
    const position = useLive.getState().room?.position
    if (!position || (position.epoch === epoch && position.seq >= seq)) return
    this.#timers.set('tail', 2_000, () => {
      const now = useLive.getState().room?.position
      if (!now || now.epoch !== epoch || now.seq < seq) this.#keeper.failed(null)
    })
  }

  #lost(): void {
    useLive.setState({ client: null })
    this.#absence.begin()
  }

  /**
   * Tells the server what is applied here, so that the DM sees who is in step. A page in the crowd, whom no roster lists, stays silent: ten
   * thousand calls after each word of the DM would serve nobody.
   */
  #acknowledgeSoon(): void {
    if (this.#timers.has('ack')) return
    this.#timers.set('ack', ACK_DELAY_MS, () => {
      const { room, roster, link, healed } = useLive.getState()
      if (!room || link.kind !== 'live' || !isListed(roster, this.#userId)) return
      const applied = {
        ...room.position,
        hash: room.campaign?.hash ?? '',
        transport: link.transport,
        visible: document.visibilityState === 'visible',
        healed,
      }
      if (link.transport === 'sse' && applied.visible)
        this.#timers.set('beat', BEAT_INTERVAL_MS, () => this.#acknowledgeSoon())
      const sentAt = performance.now()
      const rttMs = Math.round(this.#rtt)
      api.presence.set.mutate({ roomId: this.#roomId, applied, ...(rttMs > 0 ? { rttMs } : {}) }).then(
        () => void (this.#rtt = performance.now() - sentAt),
        () => {}, // The link notices a lost connection by itself.
      )
    })
  }
}

const loadMore = (): void => useLive.setState({ mayLoadMore: true })

/** `window.tablecast()` returns what this tab has applied, for tests and bug reports. It holds nothing that the page doesn't show. */
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
