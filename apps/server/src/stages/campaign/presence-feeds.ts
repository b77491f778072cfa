// The channels of one room and audience. `RosterLog` has the roster and then its changes. `FullRosterFeed` has the roster with every
// event, for the plain sockets and for pages of older versions.
import { randomBytes } from 'node:crypto'
import {
  applyRosterChange,
  formatPosition,
  type Presence,
  type PresenceEvent,
  type Roster,
  rosterChange,
} from '@tablecast/contracts'
import { Channel, type ChannelObserver } from '@tablecast/hub'
import { MAX_WITH_WATCHERS } from './presence-listing.ts'
import { CountPace } from './presence-pace.ts'

export type PresenceFeed = {
  readonly channel: Channel
  /**
   * Returns 0, or the time in milliseconds after which to call it again, because a new number of people must wait. `here`: the ids of the
   * listed people who have not left. `at`: by the clock.
   */
  publish(roster: Roster<Presence>, here: ReadonlySet<string>, at: number): number
  /** Heartbeats and resyncs. */
  say(event: PresenceEvent): void
  /** The roster as a newcomer gets it. */
  snapshot(timestamp: string): PresenceEvent
}

type FeedOptions = { id: string; observer: ChannelObserver | undefined; roster: Roster<Presence>; now(): string }

export class RosterLog implements PresenceFeed {
  readonly channel: Channel
  /** The roster at the head of the channel. */
  #roster: Roster<Presence>
  /** Everybody who comes before the next event gets the same text. */
  #snapshot: { seq: number; text: string } | null = null
  readonly #pace = new CountPace()

  constructor({ id, observer, roster, now }: FeedOptions) {
    this.#roster = roster
    const recover = () => Promise.resolve({ kind: 'snapshot' as const, ...this.#snapshotAt(now()) })
    // A channel that was closed and opened again has other events under the same numbers.
    const epoch = randomBytes(6).toString('base64url')
    this.channel = new Channel(id, { epoch, head: 0 }, { policy: { kind: 'resume', recover }, ringSize: 128, observer })
  }

  publish(roster: Roster<Presence>, _here: ReadonlySet<string>, at: number): number {
    const change = rosterChange(this.#roster, roster)
    if (!change) return 0
    const waitMs = this.#pace.waitMs(change, this.channel.size, at)
    if (waitMs > 0) return waitMs
    this.#pace.told(at)
    this.#roster = applyRosterChange(this.#roster, change)
    const timestamp = new Date(at).toISOString()
    this.say({ type: 'roster_changed', timestamp, at: this.#positionAt(this.channel.head + 1), ...change })
    return 0
  }

  say(event: PresenceEvent): void {
    publish(this.channel, event)
  }

  snapshot(timestamp: string): PresenceEvent {
    const { people, unlisted } = this.#roster
    return { type: 'roster', timestamp, at: this.#positionAt(this.channel.head), roster: [...people], unlisted }
  }

  /** The events after that seq; null when they are no longer kept. */
  after(seq: number): string[] | null {
    const { head, floor } = this.channel
    if (seq < floor || seq > head) return null
    const events: string[] = []
    for (let next = seq + 1; next <= head; next++) events.push(this.channel.at(next)?.text ?? '')
    return events
  }

  #snapshotAt(timestamp: string): { seq: number; text: string } {
    const { head: seq } = this.channel
    if (this.#snapshot?.seq !== seq) this.#snapshot = { seq, text: JSON.stringify(this.snapshot(timestamp)) }
    return this.#snapshot
  }

  #positionAt(seq: number): string {
    return formatPosition({ epoch: this.channel.epoch, seq })
  }
}

export class FullRosterFeed implements PresenceFeed {
  readonly channel: Channel
  #roster: Roster<Presence>
  #here: ReadonlySet<string>
  #count: number
  readonly #pace = new CountPace()

  constructor({ id, observer, roster }: FeedOptions, here: ReadonlySet<string>) {
    this.#roster = roster
    this.#here = here
    this.#count = here.size + roster.unlisted
    const policy = { kind: 'dropOldest' as const, pending: 16 }
    this.channel = new Channel(id, { epoch: 'presence', head: 0 }, { policy, ringSize: 64, observer })
  }

  publish(next: Roster<Presence>, here: ReadonlySet<string>, at: number): number {
    const before = { roster: this.#roster, here: this.#here, count: this.#count }
    const change = rosterChange(before.roster, next)
    if (!change) return 0
    const waitMs = this.#pace.waitMs(change, this.channel.size, at)
    if (waitMs > 0) return waitMs
    this.#pace.told(at)
    const timestamp = new Date(at).toISOString()
    this.#roster = next
    this.#here = here
    this.#count = here.size + next.unlisted
    const roster = [...next.people]
    if (this.#count > MAX_WITH_WATCHERS) {
      const type = typeOfCount(before.count, this.#count)
      this.say({ type, timestamp, roster, count: this.#count })
      return 0
    }
    const left = [...before.here].filter((userId) => !here.has(userId))
    const joined = [...here].filter((userId) => !before.here.has(userId))
    for (const user_id of left) this.say({ type: 'player_left', timestamp, user_id, roster })
    for (const user_id of joined) this.say({ type: 'player_joined', timestamp, user_id, roster })
    const moved = new Set([...left, ...joined])
    const isStatus = change.changed.some(({ userId }) => !moved.has(userId)) || moved.size === 0
    if (isStatus) this.say({ type: 'player_status', timestamp, roster })
    return 0
  }

  say(event: PresenceEvent): void {
    publish(this.channel, event)
  }

  snapshot(timestamp: string): PresenceEvent {
    return { type: 'player_status', timestamp, roster: [...this.#roster.people] }
  }
}

const typeOfCount = (before: number, after: number) =>
  after > before ? 'player_joined' : after < before ? 'player_left' : 'player_status'

function publish(channel: Channel, event: PresenceEvent): void {
  channel.publish({ seq: channel.head + 1, text: JSON.stringify(event) })
}
