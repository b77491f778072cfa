// The presence of all rooms. It is in memory only: a snapshot for a newcomer, and then what changes.
import type { Audience, PresenceEvent, PresenceSinceAnswer, Presence as Shown } from '@tablecast/contracts'
import type { Channel, Observe } from '@tablecast/hub'
import type { CampaignLive } from './live.ts'
import type { Person, PresenceConnection, StatusChange } from './presence-here.ts'
import type { PresenceLink } from './presence-link.ts'
import { PresenceRoom } from './presence-room.ts'
import { realTimers, type Timers } from './presence-timers.ts'

const HEARTBEAT_INTERVAL_MS = 15_000
const CHECK_INTERVAL_MS = 2_000

export class PresenceBoard {
  readonly #live: Pick<CampaignLive, 'head'>
  readonly #link: PresenceLink
  readonly #observe: Observe
  readonly #timers: Timers
  readonly #rooms = new Map<string, PresenceRoom>()
  #stopHeartbeat: () => void = () => {}
  #stopLooking: () => void = () => {}

  constructor(live: Pick<CampaignLive, 'head'>, link: PresenceLink, observe: Observe, timers: Timers = realTimers) {
    this.#live = live
    this.#link = link
    this.#observe = observe
    this.#timers = timers
    link.watchNodes(
      () => [...this.#rooms.values()].flatMap((room) => [...room.nodes]),
      (node) => {
        for (const room of this.#rooms.values()) room.nodeChanged(node)
      },
    )
    this.#beat()
    this.#look()
  }

  get channels(): Channel[] {
    return [...this.#rooms.values()].flatMap((room) => room.channels)
  }

  /** The roster once, and then its changes. */
  channel(roomId: string, audience: Audience): Channel {
    return this.#room(roomId).log(audience).channel
  }

  /** Events with the whole roster, for the plain sockets and pages of older versions. */
  fullRosterChannel(roomId: string, audience: Audience): Channel {
    return this.#room(roomId).fullRosters(audience).channel
  }

  since(roomId: string, audience: Audience, after: number | null): PresenceSinceAnswer {
    return this.#room(roomId).since(audience, after)
  }

  connect(roomId: string, person: Person): PresenceConnection {
    return this.#room(roomId).connect(person)
  }

  poll(roomId: string, person: Person): void {
    this.#room(roomId).poll(person)
  }

  set(roomId: string, userId: string, change: StatusChange): void {
    this.#rooms.get(roomId)?.set(userId, change)
  }

  /** They are no member any more. */
  remove(roomId: string, userId: string): void {
    this.#rooms.get(roomId)?.remove(userId)
  }

  resync(roomId: string, userId: string): void {
    this.#room(roomId).resync(userId)
  }

  roster(roomId: string, audience: Audience): readonly Shown[] {
    return this.#rooms.get(roomId)?.roster(audience).people ?? []
  }

  /** The first event for a client that gets the whole roster with each event. */
  rosterEvent(roomId: string, audience: Audience): PresenceEvent {
    const timestamp = new Date(this.#timers.now()).toISOString()
    return { type: 'player_status', timestamp, roster: [...this.roster(roomId, audience)] }
  }

  heartbeat(roomId: string, audience: Audience): PresenceEvent | null {
    return this.#rooms.get(roomId)?.heartbeat(audience) ?? null
  }

  close(): void {
    this.#stopHeartbeat()
    this.#stopLooking()
    for (const room of this.#rooms.values()) room.close()
  }

  #room(roomId: string): PresenceRoom {
    const known = this.#rooms.get(roomId)
    if (known) return known
    const room = new PresenceRoom(roomId, {
      link: this.#link,
      observe: this.#observe,
      timers: this.#timers,
      headOf: (audience) => this.#live.head(roomId, audience),
    })
    this.#rooms.set(roomId, room)
    return room
  }

  #beat(): void {
    this.#stopHeartbeat = this.#timers.after(HEARTBEAT_INTERVAL_MS, () => {
      for (const [roomId, room] of this.#rooms) {
        room.beat()
        if (!room.isEmpty) continue
        room.close()
        this.#rooms.delete(roomId)
      }
      this.#beat()
    })
  }

  #look(): void {
    this.#stopLooking = this.#timers.after(CHECK_INTERVAL_MS, () => {
      for (const room of this.#rooms.values()) room.look()
      this.#look()
    })
  }
}
