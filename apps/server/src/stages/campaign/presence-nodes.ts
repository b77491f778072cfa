// The people of one room on all nodes: what this node tells the others, and what it has heard from each.
import { applyRosterChange, rosterChange } from '@tablecast/contracts'
import { hasLeft, type KnownRoster } from './presence-known.ts'
import { merged } from './presence-listing.ts'
import type { Change, News, PresenceLink, Whole } from './presence-link.ts'
import type { Timers } from './presence-timers.ts'

/** A node that is silent for this time is gone with its people: it missed one heartbeat, and the next did not come. */
const NODE_TIMEOUT_MS = 30_000
/** The least time between two questions after a gap. */
const ASK_INTERVAL_MS = 1_000

/** `seq` is null for a node of an older version, which tells whole lists only. */
type Other = { at: number; seq: number | null; roster: KnownRoster }
type WholeOptions = { asks?: boolean; resync?: string | null; news?: News }

/** The people of a killed node, as DMs see them until they come to another node or the node is forgotten. */
const lostWith = ({ people, unlisted }: KnownRoster, since: number): KnownRoster => ({
  people: people.map((known) =>
    known.connections === 0 ? known : { ...known, connections: 0, since, hasLeft: hasLeft(known) },
  ),
  unlisted,
})

const nobody: KnownRoster = { people: [], unlisted: 0 }

export class PresenceNodes {
  readonly #roomId: string
  readonly #link: PresenceLink
  readonly #timers: Timers
  readonly #others = new Map<string, Other>()
  /** The list of this node, as the others have it. */
  #told: KnownRoster = nobody
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
  merge(here: KnownRoster): KnownRoster {
    return this.#others.size === 0 ? merged([here]) : merged([here, ...this.#heard()])
  }

  /** Tells the others what has changed here. */
  tell(here: KnownRoster, news: News): void {
    if (this.#link.isAlone) return
    const change = rosterChange(this.#told, here)
    if (!change) return
    this.#told = here
    this.#link.tellChange(this.#roomId, ++this.#seq, change)
    if ([...this.#others.values()].some(({ seq }) => seq === null)) this.#tellWhole({ news })
  }

  tellWhole(here: KnownRoster, options: WholeOptions = {}): void {
    if (this.#link.isAlone) return
    this.tell(here, [])
    this.#tellWhole(options)
  }

  #tellWhole({ asks = false, resync = null, news = [] }: WholeOptions): void {
    const { people, unlisted } = this.#told
    this.#link.tellWhole(this.#roomId, { asks, resync, news, people: [...people], unlisted, seq: this.#seq })
  }

  /** True when somebody's presence may have changed. */
  hearWhole({ node, people, unlisted, seq }: Whole): boolean {
    const known = this.#others.get(node)
    // A list from before a difference that has arrived already.
    if (known && seq !== null && known.seq !== null && seq < known.seq) return false
    this.#others.set(node, { at: this.#timers.now(), seq, roster: { people, unlisted } })
    return seq === null || seq !== known?.seq
  }

  hearChange({ node, seq, ...change }: Change, here: () => KnownRoster): boolean {
    const known = this.#others.get(node) ?? (seq === 1 ? { seq: 0, roster: nobody } : undefined)
    if (known && known.seq !== null && seq <= known.seq) return false
    if (!known || known.seq !== seq - 1) {
      this.#isMissing = true
      this.askForMissing(here)
      return false
    }
    this.#others.set(node, { at: this.#timers.now(), seq, roster: applyRosterChange(known.roster, change) })
    return true
  }

  /** Call it regularly, too: it asks at most once a second. */
  askForMissing(here: () => KnownRoster): void {
    const now = this.#timers.now()
    if (!this.#isMissing || now - this.#askedAt < ASK_INTERVAL_MS) return
    this.#isMissing = false
    this.#askedAt = now
    this.tellWhole(here(), { asks: true })
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

  *#heard(): Iterable<KnownRoster> {
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
