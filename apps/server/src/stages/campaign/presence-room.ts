// The presence of one room: the people here and on other nodes, and the feeds that tell the changes to clients, a few times a second
// at most.
import {
  type Audience,
  formatPosition,
  type Presence,
  type PresenceEvent,
  presenceStream,
  type PresenceSinceAnswer,
  type Roster,
} from '@tablecast/contracts'
import type { Channel, Observe } from '@tablecast/hub'
import {
  PeopleHere,
  type Person,
  type PresenceConnection,
  type ChangeAudience,
  type StatusChange,
} from './presence-here.ts'
import { type PresenceFeed, RosterLog, FullRosterFeed } from './presence-feeds.ts'
import { hasLeft, type PresentRoster, presenceOf } from './presence-person.ts'
import { listing } from './presence-listing.ts'
import type { News, PresenceLink, RosterMessage } from './presence-link.ts'
import { PresenceNodes } from './presence-nodes.ts'
import type { Timers } from './presence-timers.ts'

export type PresenceRoomDeps = {
  link: PresenceLink
  observe: Observe
  timers: Timers
  /** The newest position of an audience's stream of events. */
  headOf(audience: Audience): { epoch: string; seq: number } | null
}

/** Changes within this time go out together. */
const COALESCE_DELAY_MS = 100
/** The least time between two messages to clients: at most four a second, however many people come. */
const MIN_INTERVAL_MS = 250
const audiences: readonly Audience[] = ['dm', 'player']

export class PresenceRoom {
  readonly #roomId: string
  readonly #deps: PresenceRoomDeps
  readonly #here: PeopleHere
  readonly #nodes: PresenceNodes
  readonly #logs = new Map<Audience, RosterLog>()
  readonly #fullRosters = new Map<Audience, FullRosterFeed>()
  /** The feeds without a client at the last heartbeat. */
  #idle = new Set<PresenceFeed>()
  /** The audiences that a change waits for. */
  readonly #pending = new Set<Audience>()
  #cancelFlush: (() => void) | null = null
  #flushedAt = -Infinity
  /** For a number of people that has to wait. */
  #cancelCount: (() => void) | null = null
  /** The ids of the people here who had not left at the last flush, for nodes of older versions. */
  #hereBefore: ReadonlySet<string> = new Set()

  constructor(roomId: string, deps: PresenceRoomDeps) {
    this.#roomId = roomId
    this.#deps = deps
    this.#here = new PeopleHere(deps.timers, (audience) => this.#changed(audience))
    this.#nodes = new PresenceNodes(roomId, deps.link, deps.timers)
  }

  get channels(): Channel[] {
    return [...this.#feeds()].map(({ channel }) => channel)
  }

  /** Nobody is here, nobody listens, and the other nodes know it. */
  get isEmpty(): boolean {
    return this.#here.isEmpty && this.#logs.size === 0 && this.#fullRosters.size === 0 && !this.#cancelFlush
  }

  connect(person: Person): PresenceConnection {
    return this.#here.connect(person)
  }

  poll(person: Person): void {
    this.#here.poll(person)
  }

  set(userId: string, change: StatusChange): void {
    this.#here.set(userId, change)
  }

  remove(userId: string): void {
    this.#here.remove(userId)
  }

  /** The roster as it is at this moment, with changes that have not been sent yet. */
  roster(audience: Audience): Roster<Presence> {
    return this.#shown(audience, this.#everyone())
  }

  log(audience: Audience): RosterLog {
    this.#follow()
    const log = this.#logs.get(audience) ?? new RosterLog(this.#feedOptions(audience, this.#everyone()))
    this.#logs.set(audience, log)
    this.#idle.delete(log)
    return log
  }

  fullRosters(audience: Audience): FullRosterFeed {
    this.#follow()
    const feed = this.#fullRosters.get(audience) ?? this.#newFullRoster(audience)
    this.#fullRosters.set(audience, feed)
    this.#idle.delete(feed)
    return feed
  }

  /** The changes after that position, or the whole roster. */
  since(audience: Audience, after: number | null): PresenceSinceAnswer {
    const log = this.log(audience)
    const { epoch, head } = log.channel
    const texts = after === null ? null : log.after(after)
    // Our own texts.
    const events = texts?.map((text) => JSON.parse(text) as PresenceEvent) ?? [log.snapshot(this.#timestamp())]
    return { cursor: formatPosition({ epoch, seq: head }), events }
  }

  /** The member takes a snapshot, on whichever node they are. */
  resync(userId: string): void {
    this.#nodes.sendRoster(this.#listed(), { resync: userId })
    this.#resyncHere(userId)
  }

  /** Call it regularly, every few seconds. */
  look(): void {
    this.#here.look()
    this.#nodes.askForMissing(() => this.#listed())
    if (this.#nodes.dropSilent()) this.#changed('all')
  }

  /** The ids of the other nodes that have people in this room. */
  get nodes(): Iterable<string> {
    return this.#nodes.ids
  }

  /** Call it when a node was killed, or is there again. */
  nodeChanged(node: string): void {
    if ([...this.#nodes.ids].includes(node)) this.#changed('all')
  }

  /** Call it with every heartbeat. */
  beat(): void {
    for (const audience of audiences) {
      const event = this.heartbeat(audience)
      for (const feed of this.#feedsOf(audience)) if (event && feed.channel.size > 0) feed.say(event)
    }
    this.#closeIdle()
    if (!this.#here.isEmpty) this.#nodes.sendRoster(this.#listed())
  }

  heartbeat(audience: Audience): PresenceEvent | null {
    const head = this.#deps.headOf(audience)
    return head && { type: 'heartbeat', timestamp: this.#timestamp(), ...head }
  }

  close(): void {
    this.#cancelFlush?.()
    this.#cancelCount?.()
    this.#here.close()
    this.#deps.link.unfollow(this.#roomId)
  }

  #changed(changed: ChangeAudience): void {
    for (const one of changed === 'dm' ? (['dm'] as const) : audiences) this.#pending.add(one)
    if (this.#cancelFlush) return
    const { timers } = this.#deps
    const wait = Math.max(COALESCE_DELAY_MS, this.#flushedAt + MIN_INTERVAL_MS - timers.now())
    this.#cancelFlush = timers.after(wait, () => this.#flush())
  }

  #flush(): void {
    this.#cancelFlush = null
    this.#flushedAt = this.#deps.timers.now()
    const pending = [...this.#pending]
    this.#pending.clear()
    this.#sendToNodes()
    const feeds = pending.flatMap((audience) => [...this.#feedsOf(audience)].map((feed) => ({ audience, feed })))
    if (feeds.length === 0) return
    const everyone = this.#everyone()
    const here = idsHere(everyone)
    const shown = new Map(pending.map((audience) => [audience, this.#shown(audience, everyone)]))
    for (const { audience, feed } of feeds) {
      const roster = shown.get(audience)
      const waitMs = roster ? feed.publish(roster, here, this.#flushedAt) : 0
      if (waitMs > 0) this.#countLater(waitMs)
    }
  }

  #countLater(waitMs: number): void {
    this.#cancelCount ??= this.#deps.timers.after(waitMs, () => {
      this.#cancelCount = null
      this.#changed('all')
    })
  }

  #sendToNodes(): void {
    if (this.#deps.link.isAlone) return
    const listed = this.#listed()
    const here = idsHere(listed)
    const before = this.#hereBefore
    this.#hereBefore = here
    const news: News = [
      ...[...before].filter((id) => !here.has(id)).map((userId) => ({ type: 'player_left' as const, userId })),
      ...[...here].filter((id) => !before.has(id)).map((userId) => ({ type: 'player_joined' as const, userId })),
    ]
    this.#nodes.sendChanges(listed, news)
  }

  #follow(): void {
    const isNew = this.#deps.link.follow(this.#roomId, {
      roster: (message) => this.#receiveRoster(message),
      change: (message) => {
        if (this.#nodes.receiveChange(message, () => this.#listed())) this.#changed('all')
      },
    })
    if (isNew) this.#nodes.sendRoster(this.#listed(), { asks: true })
  }

  #receiveRoster(message: RosterMessage): void {
    if (this.#nodes.receiveRoster(message)) this.#changed('all')
    if (message.asks) this.#nodes.sendRoster(this.#listed())
    if (message.resync) this.#resyncHere(message.resync)
  }

  #resyncHere(userId: string): void {
    for (const feed of this.#feeds()) feed.say({ type: 'resync', timestamp: this.#timestamp(), user_id: userId })
  }

  /** Closes the feeds that had no client at this and at the last heartbeat. */
  #closeIdle(): void {
    const idle = new Set<PresenceFeed>()
    for (const feeds of [this.#logs, this.#fullRosters])
      for (const [audience, feed] of feeds) {
        if (feed.channel.size > 0) continue
        if (this.#idle.has(feed)) feeds.delete(audience)
        else idle.add(feed)
      }
    this.#idle = idle
    if (this.#logs.size > 0 || this.#fullRosters.size > 0) return
    this.#deps.link.unfollow(this.#roomId)
    this.#nodes.forgetOthers()
  }

  #listed(): PresentRoster {
    return listing(this.#here.people())
  }

  #everyone(): PresentRoster {
    return this.#nodes.merge(this.#listed())
  }

  #shown(audience: Audience, { people, unlisted }: PresentRoster): Roster<Presence> {
    return { people: people.map((person) => presenceOf(person, audience, this.#deps.headOf)), unlisted }
  }

  #newFullRoster(audience: Audience): FullRosterFeed {
    const everyone = this.#everyone()
    return new FullRosterFeed(this.#feedOptions(audience, everyone), idsHere(everyone))
  }

  #feedOptions(audience: Audience, everyone: PresentRoster) {
    const id = presenceStream(this.#roomId, audience)
    const roster = this.#shown(audience, everyone)
    return { id, observer: this.#deps.observe(id), roster, now: () => this.#timestamp() }
  }

  *#feedsOf(audience: Audience): Iterable<PresenceFeed> {
    const log = this.#logs.get(audience)
    if (log) yield log
    const feed = this.#fullRosters.get(audience)
    if (feed) yield feed
  }

  *#feeds(): Iterable<PresenceFeed> {
    for (const audience of audiences) yield* this.#feedsOf(audience)
  }

  #timestamp(): string {
    return new Date(this.#deps.timers.now()).toISOString()
  }
}

const idsHere = ({ people }: PresentRoster): ReadonlySet<string> =>
  new Set(people.filter((person) => !hasLeft(person)).map(({ userId }) => userId))
