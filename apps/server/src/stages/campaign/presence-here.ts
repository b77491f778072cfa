// The people of a room who are connected to this node: when they come, are lost, leave, and are forgotten.
import type { Applied, PlayerStatus, Role } from '@tablecast/contracts'
import type { PresentPerson } from './presence-person.ts'
import { isRemembered } from './presence-listing.ts'
import type { Timers } from './presence-timers.ts'

export type Person = { userId: string; name: string; role: Role }

export type StatusChange = {
  status?: PlayerStatus | undefined
  applied?: Applied | undefined
  rttMs?: number | undefined
}

/** A connection of a person. */
export type PresenceConnection = {
  /** Call it when the client seems to be gone, and when it sends again. */
  silent(isSilent: boolean): void
  leave(): void
}

/** The audiences that see a change: DMs alone, or everybody. */
export type ChangeAudience = 'dm' | 'all'

type Here = Person & {
  connections: number
  status: PlayerStatus
  applied: Applied | null
  rttMs: number | null
  cameAt: number
  hasLeft: boolean
  /** When the last connection closed; null while there is one, and for a moment after it. */
  leftAt: number | null
  /** Cancels the leave that waits for a page reload, or the forgetting after it. */
  cancelLeave: (() => void) | null
  /** The number of connections whose client seems to be gone. */
  silent: number
  /** When the person's page last reported its position. Over SSE that is the only sign of life, because the server can't ask. */
  heardAt: number
  /** When all connections fell silent; null while one sends. */
  silentSince: number | null
}

/** A page reload takes less time. A player without a connection for longer has left. */
const LEAVE_GRACE_MS = 4_000
/** DMs see a lost connection earlier. Most page reloads take less than this too. */
const LOST_DELAY_MS = 1_500
/** Over SSE the server can't ask a client. A visible page reports its position every 3 s. */
const SSE_PAGE_TIMEOUT_MS = 7_000
/** A page that polls asks every 2 s. */
const POLL_TIMEOUT_MS = 7_000
const FORGET_DELAY_MS = 30 * 60_000

export class PeopleHere {
  readonly #people = new Map<string, Here>()
  /** The connections of pages that poll, by user. */
  readonly #polling = new Map<string, { connection: PresenceConnection; cancel(): void }>()
  readonly #timers: Timers
  readonly #changed: (audience: ChangeAudience) => void

  constructor(timers: Timers, changed: (audience: ChangeAudience) => void) {
    this.#timers = timers
    this.#changed = changed
  }

  get isEmpty(): boolean {
    return this.#people.size === 0
  }

  *people(): Iterable<PresentPerson> {
    for (const here of this.#people.values()) yield presentPersonOf(here)
  }

  connect(person: Person): PresenceConnection {
    const now = this.#timers.now()
    const here = this.#people.get(person.userId) ?? newcomer(person, now)
    here.cancelLeave?.()
    if (here.hasLeft) {
      here.cameAt = now
      // They take their place after those who stayed.
      this.#people.delete(person.userId)
    }
    Object.assign(here, person, { hasLeft: false, leftAt: null, cancelLeave: null, heardAt: now, silentSince: null })
    here.connections += 1
    this.#people.set(person.userId, here)
    this.#changed('all')
    return new OpenConnection(this, here)
  }

  /** A page that polls is here until it has not asked for a while. */
  poll(person: Person): void {
    const { userId } = person
    const known = this.#polling.get(userId)
    known?.cancel()
    const connection = known?.connection ?? this.connect(person)
    this.#refresh(person)
    const cancel = this.#timers.after(POLL_TIMEOUT_MS, () => {
      this.#polling.delete(userId)
      connection.leave()
    })
    this.#polling.set(userId, { connection, cancel })
  }

  set(userId: string, change: StatusChange): void {
    const here = this.#people.get(userId)
    if (!here) return
    Object.assign(here, { heardAt: this.#timers.now(), silentSince: null })
    const isNews = change.status !== undefined && change.status !== here.status
    if (change.status) here.status = change.status
    if (change.applied) here.applied = change.applied
    if (change.rttMs !== undefined) here.rttMs = change.rttMs
    this.#changed(isNews ? 'all' : 'dm')
  }

  /** They are no member any more. */
  remove(userId: string): void {
    this.#polling.get(userId)?.cancel()
    this.#polling.delete(userId)
    this.#people.get(userId)?.cancelLeave?.()
    if (this.#people.delete(userId)) this.#changed('all')
  }

  /** Call it regularly: a person who has said nothing for too long is lost, although their connection looks open from here. */
  look(): void {
    for (const here of this.#people.values()) this.lookAt(here)
  }

  close(): void {
    for (const { cancel } of this.#polling.values()) cancel()
    for (const here of this.#people.values()) here.cancelLeave?.()
  }

  /** One connection of them has closed. `lostSince`: when DMs have seen them as lost already. */
  closed(here: Here, lostSince: number | null): void {
    here.connections -= 1
    if (here.connections === 0 && this.#isKnown(here)) this.#leaveSoon(here, lostSince)
  }

  #leaveSoon(here: Here, lostSince: number | null): void {
    const at = lostSince ?? this.#timers.now()
    here.leftAt = lostSince
    const cancelLost = this.#timers.after(LOST_DELAY_MS, () => {
      here.leftAt = at
      this.#changed('dm')
    })
    const cancelLeave = this.#timers.after(LEAVE_GRACE_MS, () => {
      here.hasLeft = true
      if (isRemembered(here)) here.cancelLeave = this.#timers.after(FORGET_DELAY_MS, () => this.#forget(here))
      else this.#people.delete(here.userId)
      this.#changed('all')
    })
    here.cancelLeave = () => {
      cancelLost()
      cancelLeave()
    }
  }

  #forget(here: Here): void {
    if (!this.#isKnown(here)) return
    this.#people.delete(here.userId)
    this.#changed('all')
  }

  /** A page that polls has no connection that would end with a new name or role. */
  #refresh(person: Person): void {
    const here = this.#people.get(person.userId)
    if (!here || (here.name === person.name && here.role === person.role)) return
    Object.assign(here, person)
    this.#changed('all')
  }

  #isKnown(here: Here): boolean {
    return this.#people.get(here.userId) === here
  }

  /** Decides whether they are silent. */
  lookAt(here: Here): void {
    const { applied, connections, silent, heardAt, silentSince } = here
    const now = this.#timers.now()
    const isOnSse = applied?.transport === 'sse' && applied.visible && connections === 1
    const isSilent = connections > 0 && (silent === connections || (isOnSse && now - heardAt > SSE_PAGE_TIMEOUT_MS))
    if (isSilent === (silentSince !== null)) return
    here.silentSince = isSilent ? (isOnSse ? heardAt : now) : null
    this.#changed('dm')
  }
}

/** Each client has one, so it is an object, and no functions of its own. */
class OpenConnection implements PresenceConnection {
  readonly #people: PeopleHere
  readonly #here: Here
  #isOpen = true
  #wasSilent = false

  constructor(people: PeopleHere, here: Here) {
    this.#people = people
    this.#here = here
  }

  silent(isSilent: boolean): void {
    if (!this.#isOpen || isSilent === this.#wasSilent) return
    this.#wasSilent = isSilent
    this.#here.silent += isSilent ? 1 : -1
    this.#people.lookAt(this.#here)
  }

  leave(): void {
    if (!this.#isOpen) return
    const lostSince = this.#here.silentSince
    this.silent(false)
    this.#isOpen = false
    this.#people.closed(this.#here, lostSince)
  }
}

const newcomer = (person: Person, now: number): Here => ({
  ...person,
  connections: 0,
  status: 'idle',
  applied: null,
  rttMs: null,
  cameAt: now,
  hasLeft: true,
  leftAt: null,
  cancelLeave: null,
  silent: 0,
  heardAt: now,
  silentSince: null,
})

/** For a moment after their last connection closed they count as here: most often they reload the page. */
function presentPersonOf(here: Here): PresentPerson {
  const { userId, name, role, status, applied, rttMs, cameAt } = here
  const lostAt = here.leftAt ?? here.silentSince
  const connections = lostAt === null ? Math.max(1, here.connections) : 0
  return {
    userId,
    name,
    role,
    connections,
    status,
    since: lostAt ?? cameAt,
    applied,
    rttMs,
    hasLeft: here.hasLeft,
    cameAt,
  }
}
