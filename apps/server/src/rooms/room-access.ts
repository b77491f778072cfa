// Who hears what in a room, on this node, and that nobody hears anything that was stored after they were removed.
//
// Every change of who may hear what is counted, under the same lock that events are stored under, and each event carries the
// count of its moment. A node that meets an event with a higher count than it knows looks the members up before the event goes
// out, whatever became of the message that should have told it.
import { type Audience, audienceOf, Id, Role, TablecastError } from '@tablecast/contracts'
import type { Subscription } from '@tablecast/bus'
import { z } from 'zod'
import type { NodeChannel } from '../cluster/node-channel.ts'

/** To be told after the commit. `role`: null when they are no member any more. `access`: the count after the change. */
export type AccessChange = { roomId: string; userId: string; role: Role | null; access: number }

type End = (reason: TablecastError | null) => void
type Seat = { userId: string; audience: Audience; end: End }
type Room = { seats: Set<Seat>; known: number; looking: Promise<void> | null }

const SUBJECT = 'tablecast.access.changed'
/** Rooms whose newest count is remembered while nobody listens to them here. */
const REMEMBERED = 10_000
const Told = z.object({ roomId: Id, userId: Id, role: Role.nullable(), access: z.number() })

export type RoomAccessParts = {
  others: NodeChannel
  /** The members of a room by id, and the count they stand for. */
  members(roomId: string): Promise<{ access: number; roles: ReadonlyMap<string, Role> }>
}

export class RoomAccess implements Disposable {
  readonly #parts: RoomAccessParts
  readonly #rooms = new Map<string, Room>()
  /** The newest count that this node has heard of, by room; the latest last. */
  readonly #counts = new Map<string, number>()
  readonly #removed = new Set<(roomId: string, userId: string) => void>()
  readonly #subscription: Subscription

  constructor(parts: RoomAccessParts) {
    this.#parts = parts
    this.#subscription = parts.others.hear(SUBJECT, ({ json }) => {
      const told = Told.safeParse(json)
      if (told.success) this.#apply(told.data)
    })
  }

  /**
   * Someone is about to listen: from now on they can be ended. Whether they may listen has to be asked after this. `end` with null
   * lets them come again at once. Returns what takes the seat back.
   */
  seat(roomId: string, who: { userId: string; role: Role }, end: End): () => void {
    const room = this.#rooms.get(roomId) ?? { seats: new Set(), known: -1, looking: null }
    const seat = { userId: who.userId, audience: audienceOf(who.role), end }
    room.seats.add(seat)
    this.#rooms.set(roomId, room)
    return () => {
      room.seats.delete(seat)
      if (room.seats.size === 0 && this.#rooms.get(roomId) === room) this.#rooms.delete(roomId)
    }
  }

  /** Null when an event of that count may go out at once; else what to wait for. Rejects when the members can't be read. */
  known(roomId: string, access: number): Promise<void> | null {
    const room = this.#rooms.get(roomId)
    if (!room || access <= room.known) return null
    room.looking ??= this.#look(roomId, room).finally(() => (room.looking = null))
    return room.looking.then(() => this.known(roomId, access) ?? undefined)
  }

  /**
   * For what is in memory alone: runs `work` at once for a member as long as nothing has changed since their role was read; else the
   * role is read again by `confirm`, which throws for somebody who was removed.
   */
  async act<T>(
    member: { roomId: string; access: number },
    confirm: () => Promise<{ access: number }>,
    work: () => T,
  ): Promise<T> {
    let known = member.access
    while ((this.#counts.get(member.roomId) ?? 0) > known) {
      const { access } = await confirm()
      if (access <= known) break
      known = access
    }
    return work()
  }

  /** Calls back on every node when somebody is no member any more. */
  onRemoved(listener: (roomId: string, userId: string) => void): void {
    this.#removed.add(listener)
  }

  /** To be called after the commit. */
  tell(change: AccessChange): void {
    this.#apply(change)
    this.#parts.others.tell(SUBJECT, change)
  }

  [Symbol.dispose](): void {
    this.#subscription.close()
  }

  #apply({ roomId, userId, role, access }: AccessChange): void {
    this.#count(roomId, access)
    const room = this.#rooms.get(roomId)
    for (const seat of room?.seats ?? []) if (seat.userId === userId) seat.end(role === null ? notAMember() : null)
    if (room?.known === access - 1) room.known = access
    if (role === null) for (const removed of this.#removed) removed(roomId, userId)
  }

  #count(roomId: string, access: number): void {
    const newest = Math.max(access, this.#counts.get(roomId) ?? 0)
    this.#counts.delete(roomId)
    this.#counts.set(roomId, newest)
    for (const oldest of this.#counts.keys()) {
      if (this.#counts.size <= REMEMBERED) break
      this.#counts.delete(oldest)
    }
  }

  async #look(roomId: string, room: Room): Promise<void> {
    const { access, roles } = await this.#parts.members(roomId)
    this.#count(roomId, access)
    for (const seat of room.seats) {
      const role = roles.get(seat.userId)
      // Whoever the operator lets in without a token is no member, and can't be removed.
      if (isPassing(seat.userId)) continue
      if (role === undefined) seat.end(notAMember())
      else if (seat.audience === 'dm' && audienceOf(role) !== 'dm') seat.end(null)
    }
    room.known = Math.max(room.known, access)
  }
}

export const PASSING = 'plain-'
const isPassing = (userId: string) => userId.startsWith(PASSING)
const notAMember = () => new TablecastError('NOT_A_MEMBER', 'you are no member of this room any more')
