// The people of one room on all nodes: the list that this node sends to the others, and the lists that it received.
import { applyRosterChange, rosterChange } from '@tablecast/contracts'
import { hasLeft, type PresentRoster } from './presence-person.ts'
import { merged } from './presence-listing.ts'
import type { ChangeMessage, News, PresenceLink, RosterMessage } from './presence-link.ts'
import type { Timers } from './presence-timers.ts'

/** A node that is silent for this time is gone with its people: it missed one heartbeat, and the next did not come. */
const NODE_TIMEOUT_MS = 30_000
/** The least time between two questions after a gap. */
const ASK_INTERVAL_MS = 1_000

/** `seq` is null for a node of an older version, which sends whole lists only. */
type Other = { at: number; seq: number | null; roster: PresentRoster }
type RosterMessageOptions = { asks?: boolean; resync?: string | null; news?: News }

/** The people of a killed node, as DMs see them until they come to another node or the node is forgotten. */
const lostWith = ({ people, unlisted }: PresentRoster, since: number): PresentRoster => ({
  people: people.map((person) =>
    person.connections === 0 ? person : { ...person, connections: 0, since, hasLeft: hasLeft(person) },
  ),
  unlisted,
})

const nobody: PresentRoster = { people: [], unlisted: 0 }

export class PresenceNodes {
  readonly #roomId: string
  readonly #link: PresenceLink
  readonly #timers: Timers
  readonly #others = new Map<string, Other>()
  /** The list of this node, as the others have it. */
  #sent: PresentRoster = nobody
  #seq = 0
  #askedAt = -Infinity
  /** A difference of another node is missing, and this node has not asked for its list yet. */
  #isMissing = false

  constructor(roomId: string, link: PresenceLink, timers: Timers) {
    this.#roomId = roomId
    this.#link = link
    this.#timers = timers
  }

  /** The roster over all nodes. `here`: the people of this one. */
  merge(here: PresentRoster): PresentRoster {
    return this.#others.size === 0 ? merged([here]) : merged([here, ...this.#otherRosters()])
  }

  /** Sends the others the changes of this node. */
  sendChanges(here: PresentRoster, news: News): void {
    if (this.#link.isAlone) return
    const change = rosterChange(this.#sent, here)
    if (!change) return
    this.#sent = here
    this.#link.sendChange(this.#roomId, ++this.#seq, change)
    if ([...this.#others.values()].some(({ seq }) => seq === null)) this.#sendRoster({ news })
  }

  sendRoster(here: PresentRoster, options: RosterMessageOptions = {}): void {
    if (this.#link.isAlone) return
    this.sendChanges(here, [])
    this.#sendRoster(options)
  }

  #sendRoster({ asks = false, resync = null, news = [] }: RosterMessageOptions): void {
    const { people, unlisted } = this.#sent
    this.#link.sendRoster(this.#roomId, { asks, resync, news, people: [...people], unlisted, seq: this.#seq })
  }

  /** True when somebody's presence may have changed. */
  receiveRoster({ node, people, unlisted, seq }: RosterMessage): boolean {
    const other = this.#others.get(node)
    // A list from before a difference that has arrived already.
    if (other && seq !== null && other.seq !== null && seq < other.seq) return false
    this.#others.set(node, { at: this.#timers.now(), seq, roster: { people, unlisted } })
    return seq === null || seq !== other?.seq
  }

  receiveChange({ node, seq, ...change }: ChangeMessage, here: () => PresentRoster): boolean {
    const other = this.#others.get(node) ?? (seq === 1 ? { seq: 0, roster: nobody } : undefined)
    if (other && other.seq !== null && seq <= other.seq) return false
    if (!other || other.seq !== seq - 1) {
      this.#isMissing = true
      this.askForMissing(here)
      return false
    }
    this.#others.set(node, { at: this.#timers.now(), seq, roster: applyRosterChange(other.roster, change) })
    return true
  }

  /** Call it regularly, too: it asks at most once a second. */
  askForMissing(here: () => PresentRoster): void {
    const now = this.#timers.now()
    if (!this.#isMissing || now - this.#askedAt < ASK_INTERVAL_MS) return
    this.#isMissing = false
    this.#askedAt = now
    this.sendRoster(here(), { asks: true })
  }

  /** The ids of the nodes whose people are known here. */
  get ids(): Iterable<string> {
    return this.#others.keys()
  }

  /** Forgets the nodes that fell silent or were killed. True when there was one. */
  dropSilent(): boolean {
    const silent = [...this.#others].filter(([node, other]) => !this.#isThere(node, other))
    for (const [node] of silent) this.#others.delete(node)
    return silent.length > 0
  }

  forgetOthers(): void {
    this.#others.clear()
  }

  *#otherRosters(): Iterable<PresentRoster> {
    for (const [node, other] of this.#others) {
      if (!this.#isThere(node, other)) continue
      const life = this.#link.lifeOf(node)
      yield life.kind === 'lost' ? lostWith(other.roster, life.since) : other.roster
    }
  }

  #isThere(node: string, { at }: Other): boolean {
    return this.#timers.now() - at < NODE_TIMEOUT_MS && this.#link.lifeOf(node).kind !== 'gone'
  }
}
