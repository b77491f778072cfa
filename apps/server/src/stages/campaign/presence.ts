// The roster of each room. It is in memory only: each event carries the whole roster, and the newest one wins.
import {
  type Applied,
  type Audience,
  audienceOf,
  parseStreamId,
  type PlayerStatus,
  type Presence as Person,
  type PresenceEvent,
  presenceStream,
  type Role,
  type SyncState,
} from '@tablecast/contracts'
import { type Channel, Hub, type Observe } from '@tablecast/hub'
import type { CampaignLive } from './live.ts'
import type { PresenceLink, TellOptions, PresenceMessage } from './presence-link.ts'

export type Timers = {
  now(): number
  after(ms: number, work: () => void): () => void
}

export const realTimers: Timers = {
  now: () => Date.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  },
}

/** A person as the nodes send it to each other. `since`: in ms, when the person came or left. */
type KnownPerson = {
  userId: string
  name: string
  role: Role
  connections: number
  status: PlayerStatus
  since: number
  applied: Applied | null
  rttMs: number | null
}

type LocalPerson = KnownPerson & {
  hasLeft: boolean
  /**
   * Cancels the timers after the last connection closed: first the one that waits for a page reload, then the one that forgets
   * the person.
   */
  cancelLeave: (() => void) | null
  /** The number of connections whose client seems to be gone. */
  silent: number
  /** When the person's page last reported its position. Over SSE that is the only sign of life, because the server can't ask. */
  heardAt: number
  /** When all connections fell silent; null while one is heard. */
  silentSince: number | null
}

/** One connection of a person. */
export type PresenceConnection = {
  /** Call it when the client seems to be gone, and when it is heard again. */
  silent(isSilent: boolean): void
  leave(): void
}

/** A page reload takes less time. A player without a connection for longer has left. */
const LEAVE_GRACE_MS = 4_000
/** DMs see a lost connection earlier. Most page reloads take less than this too. */
const LOST_DELAY_MS = 1_500
/** Over SSE the server can't ask a client. A visible page reports its position every 3 s. */
const SSE_PAGE_TIMEOUT_MS = 7_000
const FORGET_DELAY_MS = 30 * 60_000
const COALESCE_DELAY_MS = 100
const HEARTBEAT_INTERVAL_MS = 15_000
/** A node that sends nothing for two heartbeats is gone, and its people with it. */
const NODE_TIMEOUT_MS = 30_000
const CHECK_INTERVAL_MS = 2_000
const audiences: readonly Audience[] = ['dm', 'player']

export class PresenceBoard {
  readonly #live: Pick<CampaignLive, 'head'>
  readonly #link: PresenceLink
  /** The people on other nodes, by room and node. `at`: when that node's last message came. */
  readonly #otherNodes = new Map<string, Map<string, { at: number; people: readonly KnownPerson[] }>>()
  readonly #hub: Hub
  readonly #timers: Timers
  readonly #rooms = new Map<string, Map<string, LocalPerson>>()
  readonly #pending = new Map<
    string,
    { audiences: Set<Audience>; news: { type: 'player_joined' | 'player_left'; userId: string }[]; isStatus: boolean }
  >()
  #stopHeartbeat: () => void = () => {}
  #stopChecks: () => void = () => {}

  constructor(live: Pick<CampaignLive, 'head'>, link: PresenceLink, observe: Observe, timers: Timers = realTimers) {
    this.#live = live
    this.#link = link
    this.#hub = new Hub({}, observe)
    this.#timers = timers
    this.#beat()
    this.#check()
  }

  get channels(): Iterable<Channel> {
    return this.#hub.channels
  }

  channel(roomId: string, audience: Audience): Promise<Channel> {
    if (this.#link.follow(roomId, (message) => this.#receive(roomId, message))) this.#tell(roomId, { asks: true })
    const start = () => Promise.resolve({ epoch: 'presence', head: 0 })
    return this.#hub.open(presenceStream(roomId, audience), start, {
      policy: { kind: 'dropOldest', pending: 16 },
      ringSize: 64,
    })
  }

  connect(roomId: string, person: { userId: string; name: string; role: Role }): PresenceConnection {
    const room = this.#rooms.get(roomId) ?? new Map<string, LocalPerson>()
    this.#rooms.set(roomId, room)
    const now = this.#timers.now()
    const here = room.get(person.userId) ?? {
      ...person,
      connections: 0,
      status: 'idle',
      since: now,
      applied: null,
      rttMs: null,
      hasLeft: true,
      cancelLeave: null,
      silent: 0,
      heardAt: now,
      silentSince: null,
    }
    const wasGone = here.hasLeft
    here.cancelLeave?.()
    const connections = here.connections + 1
    Object.assign(here, person, { connections, hasLeft: false, cancelLeave: null, heardAt: now, silentSince: null })
    if (wasGone) here.since = now
    room.set(person.userId, here)
    this.#changed(roomId, audiences, wasGone ? { type: 'player_joined', userId: person.userId } : undefined)
    let isOpen = true
    let wasSilent = false
    const silent = (isSilent: boolean) => {
      if (!isOpen || isSilent === wasSilent) return
      wasSilent = isSilent
      here.silent += isSilent ? 1 : -1
      this.#checkSilence(roomId, here)
    }
    return {
      silent,
      leave: () => {
        silent(false)
        if (!isOpen) return
        isOpen = false
        here.connections -= 1
        if (here.connections === 0) this.#leaveSoon(roomId, here)
      },
    }
  }

  set(
    roomId: string,
    userId: string,
    change: { status?: PlayerStatus | undefined; applied?: Applied | undefined; rttMs?: number | undefined },
  ): void {
    const here = this.#rooms.get(roomId)?.get(userId)
    if (!here) return
    Object.assign(here, { heardAt: this.#timers.now(), silentSince: null })
    const isNews = change.status !== undefined && change.status !== here.status
    if (change.status) here.status = change.status
    if (change.applied) here.applied = change.applied
    if (change.rttMs !== undefined) here.rttMs = change.rttMs
    // Only DMs see the position of each page.
    this.#changed(roomId, isNews ? audiences : ['dm'])
  }

  /** Call it when a member was removed or left the room. */
  remove(roomId: string, userId: string): void {
    const here = this.#rooms.get(roomId)?.get(userId)
    here?.cancelLeave?.()
    if (this.#rooms.get(roomId)?.delete(userId)) this.#changed(roomId, audiences, { type: 'player_left', userId })
  }

  resync(roomId: string, userId: string): void {
    this.#tell(roomId, { resync: userId })
    this.#resyncHere(roomId, userId)
  }

  #resyncHere(roomId: string, userId: string): void {
    for (const audience of audiences)
      this.#publish(roomId, audience, { type: 'resync', timestamp: this.#timestamp(), user_id: userId })
  }

  roster(roomId: string, audience: Audience): Person[] {
    return [...this.#everyone(roomId).values()].map((known) => this.#person(roomId, known, audience))
  }

  /** The first event of a new subscriber. */
  rosterEvent(roomId: string, audience: Audience): PresenceEvent {
    return { type: 'player_status', timestamp: this.#timestamp(), roster: this.roster(roomId, audience) }
  }

  heartbeat(roomId: string, audience: Audience): PresenceEvent | null {
    const head = this.#live.head(roomId, audience)
    return head && { type: 'heartbeat', timestamp: this.#timestamp(), ...head }
  }

  close(): void {
    this.#stopHeartbeat()
    this.#stopChecks()
    for (const room of this.#rooms.values()) for (const here of room.values()) here.cancelLeave?.()
  }

  #leaveSoon(roomId: string, here: LocalPerson): void {
    const { since } = here
    here.since = this.#timers.now()
    const cancelLost = this.#timers.after(LOST_DELAY_MS, () => this.#changed(roomId, ['dm']))
    const cancelLeave = this.#timers.after(LEAVE_GRACE_MS, () => {
      here.hasLeft = true
      this.#changed(roomId, audiences, { type: 'player_left', userId: here.userId })
      here.cancelLeave = this.#timers.after(FORGET_DELAY_MS, () => {
        this.#rooms.get(roomId)?.delete(here.userId)
        if (this.#rooms.get(roomId)?.size === 0) this.#rooms.delete(roomId)
        else this.#changed(roomId, audiences)
      })
    })
    here.cancelLeave = () => {
      cancelLost()
      cancelLeave()
      here.since = since
    }
  }

  /** Shows a silent person as gone, although their connections still look open to the server. */
  #asSeen(here: LocalPerson): KnownPerson {
    return here.silentSince === null ? here : { ...here, connections: 0, since: here.silentSince }
  }

  #checkSilence(roomId: string, here: LocalPerson): void {
    const { applied, connections, silent, heardAt, silentSince } = here
    const now = this.#timers.now()
    const reports = applied?.transport === 'sse' && applied.visible && connections === 1
    const isSilent = connections > 0 && (silent === connections || (reports && now - heardAt > SSE_PAGE_TIMEOUT_MS))
    if (isSilent === (silentSince !== null)) return
    here.silentSince = isSilent ? (reports ? heardAt : now) : null
    this.#changed(roomId, ['dm'])
  }

  #person(roomId: string, here: KnownPerson, audience: Audience): Person {
    const { userId, name, role, status, applied, rttMs, connections } = here
    return {
      userId,
      name,
      role,
      online: connections > 0,
      status,
      since: new Date(here.since).toISOString(),
      link: applied && connections > 0 ? { transport: applied.transport, rttMs } : null,
      sync: audience === 'dm' ? this.#sync(roomId, here) : null,
    }
  }

  #sync(roomId: string, { role, connections, applied }: KnownPerson): NonNullable<Person['sync']> {
    const head = this.#live.head(roomId, audienceOf(role))
    const behind = applied && head && applied.epoch === head.epoch ? Math.max(0, head.seq - applied.seq) : 0
    const state = (): SyncState => {
      if (connections === 0) return 'lost'
      if (!applied) return 'unknown'
      if (!applied.visible) return 'asleep'
      return behind > 0 ? 'behind' : 'in_sync'
    }
    return { state: state(), behind, healed: applied?.healed ?? 0 }
  }

  /** Sends changes of 100 ms together, so that a full room that joins at once does not cause a roster for each person. */
  #changed(
    roomId: string,
    to: readonly Audience[],
    news?: { type: 'player_joined' | 'player_left'; userId: string },
  ): void {
    let pending = this.#pending.get(roomId)
    if (!pending) {
      this.#pending.set(roomId, (pending = { audiences: new Set(), news: [], isStatus: false }))
      this.#timers.after(COALESCE_DELAY_MS, () => this.#flush(roomId))
    }
    for (const audience of to) pending.audiences.add(audience)
    if (news) pending.news.push(news)
    else pending.isStatus = true
  }

  #flush(roomId: string): void {
    const pending = this.#pending.get(roomId)
    this.#pending.delete(roomId)
    if (!pending) return
    this.#tell(roomId, { news: pending.news })
    this.#announce(roomId, pending)
  }

  #announce(
    roomId: string,
    pending: { audiences: Iterable<Audience>; news: PresenceMessage['news']; isStatus: boolean },
  ): void {
    for (const audience of pending.audiences) {
      if (!this.#hub.get(presenceStream(roomId, audience))) continue
      const roster = this.roster(roomId, audience)
      const timestamp = this.#timestamp()
      for (const { type, userId } of pending.news)
        this.#publish(roomId, audience, { type, timestamp, user_id: userId, roster })
      if (pending.isStatus) this.#publish(roomId, audience, { type: 'player_status', timestamp, roster })
    }
  }

  /** A person on two nodes, as after a reconnect to another node, counts where they are connected. */
  #everyone(roomId: string): Map<string, KnownPerson> {
    const everyone = new Map<string, KnownPerson>()
    for (const [userId, here] of this.#rooms.get(roomId) ?? []) everyone.set(userId, this.#asSeen(here))
    for (const { at, people } of this.#otherNodes.get(roomId)?.values() ?? [])
      if (this.#timers.now() - at < NODE_TIMEOUT_MS)
        for (const known of people) {
          const other = everyone.get(known.userId)
          if (!other || (other.connections === 0 && (known.connections > 0 || known.since > other.since)))
            everyone.set(known.userId, known)
        }
    return everyone
  }

  #tell(roomId: string, options: TellOptions = {}): void {
    const people = [...(this.#rooms.get(roomId)?.values() ?? [])].map((here) => knownOf(this.#asSeen(here)))
    this.#link.tell(roomId, people, options)
  }

  #receive(roomId: string, { node, asks, resync, news, people }: PresenceMessage): void {
    const nodes = this.#otherNodes.get(roomId) ?? new Map<string, { at: number; people: readonly KnownPerson[] }>()
    this.#otherNodes.set(roomId, nodes.set(node, { at: this.#timers.now(), people }))
    if (asks) this.#tell(roomId)
    if (resync) this.#resyncHere(roomId, resync)
    this.#announce(roomId, { audiences, news, isStatus: news.length === 0 })
  }

  #publish(roomId: string, audience: Audience, event: PresenceEvent): void {
    const channel = this.#hub.get(presenceStream(roomId, audience))
    channel?.publish({ seq: channel.head + 1, text: JSON.stringify(event) })
  }

  #beat(): void {
    this.#stopHeartbeat = this.#timers.after(HEARTBEAT_INTERVAL_MS, () => {
      for (const channel of this.#hub.channels) {
        const stream = parseStreamId(channel.id)
        const event =
          channel.size > 0 && stream?.kind === 'presence' ? this.heartbeat(stream.roomId, stream.audience) : null
        if (event) channel.publish({ seq: channel.head + 1, text: JSON.stringify(event) })
      }
      this.#hub.sweep()
      this.#beatToNodes()
      this.#beat()
    })
  }

  #beatToNodes(): void {
    for (const roomId of this.#rooms.keys()) this.#tell(roomId)
    for (const roomId of this.#link.followed) {
      if (audiences.some((audience) => this.#hub.get(presenceStream(roomId, audience)))) continue
      this.#link.unfollow(roomId)
      this.#otherNodes.delete(roomId)
    }
  }

  /** Takes the people of dead nodes off the rosters, and looks for silent people on this node. */
  #check(): void {
    this.#stopChecks = this.#timers.after(CHECK_INTERVAL_MS, () => {
      for (const [roomId, nodes] of this.#otherNodes) {
        const silent = [...nodes].filter(([, { at }]) => this.#timers.now() - at >= NODE_TIMEOUT_MS)
        for (const [node] of silent) nodes.delete(node)
        if (silent.length > 0) this.#announce(roomId, { audiences, news: [], isStatus: true })
      }
      for (const [roomId, room] of this.#rooms) for (const here of room.values()) this.#checkSilence(roomId, here)
      this.#check()
    })
  }

  #timestamp(): string {
    return new Date(this.#timers.now()).toISOString()
  }
}

const knownOf = ({ userId, name, role, connections, status, since, applied, rttMs }: KnownPerson): KnownPerson => ({
  userId,
  name,
  role,
  connections,
  status,
  since,
  applied,
  rttMs,
})
