// Ends the streams of removed members on this node, before any event that was stored after the removal goes out.
//
// Every change to the list of who may read a room raises the room's accessVersion, under the lock that events are stored under. Each
// event carries the accessVersion of its moment. A node that gets an event with a higher version than it knows reads the members
// before it sends the event. So a removal takes effect even if the bus loses the message about it.
import { type Audience, audienceOf, Id, Role, TablecastError } from '@tablecast/contracts'
import type { Subscription } from '@tablecast/bus'
import { z } from 'zod'
import type { NodeChannel } from '../cluster/node-channel.ts'

/**
 * Published after the commit. `role`: null for a removed member. `access`: the accessVersion after the change. `joined`: the user was no
 * member before, so there is no stream to end.
 */
export type AccessChange = {
  roomId: string
  userId: string
  role: Role | null
  access: number
  joined?: boolean | undefined
}

/** An open stream of a member. */
export interface RoomListener {
  readonly userId: string
  readonly audience: Audience
  /** With null the client may subscribe again at once. */
  end(reason: TablecastError | null): void
}
/**
 * `version`: the accessVersion whose members the listeners were checked against; -1 before the first check. `applied`: later changes
 * that were applied to the listeners, while one before them is missing.
 */
type Room = { listeners: Set<RoomListener>; version: number; applied: Set<number>; check: Promise<void> | null }

const SUBJECT = 'tablecast.access.changed'
/** Rooms whose newest accessVersion is remembered, also while this node has no listener there. */
const MAX_REMEMBERED_VERSIONS = 10_000
/** Beyond this the next event makes the node read the members. */
const MAX_APPLIED = 1_000
const AccessMessage = z.object({
  roomId: Id,
  userId: Id,
  role: Role.nullable(),
  access: z.number(),
  joined: z.boolean().optional(),
})

export type RoomAccessDeps = {
  others: NodeChannel
  /** The roles of a room's members by user id, and the accessVersion at which that was read. */
  members(roomId: string): Promise<{ access: number; roles: ReadonlyMap<string, Role> }>
}

export class RoomAccess implements Disposable {
  readonly #deps: RoomAccessDeps
  readonly #rooms = new Map<string, Room>()
  /** The newest accessVersion that this node knows, by room. Rooms that changed last come last. */
  readonly #newestVersions = new Map<string, number>()
  readonly #removed = new Set<(roomId: string, userId: string) => void>()
  readonly #subscription: Subscription

  constructor(deps: RoomAccessDeps) {
    this.#deps = deps
    this.#subscription = deps.others.subscribe(SUBJECT, ({ json }) => {
      const message = AccessMessage.safeParse(json)
      if (message.success) this.#apply(message.data)
    })
  }

  /**
   * Adds a listener, which a removal ends from now on. The caller must check the membership after this call, because a removal
   * before it ended nothing.
   */
  addListener(roomId: string, listener: RoomListener): void {
    const room = this.#rooms.get(roomId) ?? { listeners: new Set(), version: -1, applied: new Set(), check: null }
    room.listeners.add(listener)
    this.#rooms.set(roomId, room)
  }

  removeListener(roomId: string, listener: RoomListener): void {
    const room = this.#rooms.get(roomId)
    if (room?.listeners.delete(listener) && room.listeners.size === 0) this.#rooms.delete(roomId)
  }

  /**
   * Null if an event of that accessVersion may go out at once. Otherwise the caller waits for the promise, after which removed members
   * have no listener any more. Rejects if the members can't be read.
   */
  catchUp(roomId: string, accessVersion: number): Promise<void> | null {
    const room = this.#rooms.get(roomId)
    if (!room || accessVersion <= room.version) return null
    room.check ??= this.#checkListeners(roomId, room).finally(() => (room.check = null))
    return room.check.then(() => this.catchUp(roomId, accessVersion) ?? undefined)
  }

  /**
   * For changes of state that only memory holds. Runs `work` at once if the room's accessVersion is still the one that `member` was
   * read at. Otherwise `confirm` reads the role again, and throws for a removed member.
   */
  async act<T>(
    member: { roomId: string; access: number },
    confirm: () => Promise<{ access: number }>,
    work: () => T,
  ): Promise<T> {
    let version = member.access
    while ((this.#newestVersions.get(member.roomId) ?? 0) > version) {
      const { access } = await confirm()
      if (access <= version) break
      version = access
    }
    return work()
  }

  /** Calls back when a member was removed or left, on every node that gets the message about it. */
  onRemoved(listener: (roomId: string, userId: string) => void): void {
    this.#removed.add(listener)
  }

  /** Applies a change here and publishes it to the other nodes. Call it after the commit. */
  tell(change: AccessChange): void {
    this.#apply(change)
    this.#deps.others.publish(SUBJECT, change)
  }

  [Symbol.dispose](): void {
    this.#subscription.close()
  }

  #apply({ roomId, userId, role, access, joined = false }: AccessChange): void {
    const room = this.#rooms.get(roomId)
    // A crowd that joins takes nothing from anybody: no call has to be confirmed, and no stream is looked for among all of them.
    if (!joined) {
      this.#noteVersion(roomId, access)
      for (const listener of room?.listeners ?? [])
        if (listener.userId === userId) listener.end(role === null ? notAMember() : null)
    }
    if (room) noteApplied(room, access)
    if (role === null) for (const removed of this.#removed) removed(roomId, userId)
  }

  #noteVersion(roomId: string, accessVersion: number): void {
    const newest = Math.max(accessVersion, this.#newestVersions.get(roomId) ?? 0)
    this.#newestVersions.delete(roomId)
    this.#newestVersions.set(roomId, newest)
    for (const oldest of this.#newestVersions.keys()) {
      if (this.#newestVersions.size <= MAX_REMEMBERED_VERSIONS) break
      this.#newestVersions.delete(oldest)
    }
  }

  async #checkListeners(roomId: string, room: Room): Promise<void> {
    const { access, roles } = await this.#deps.members(roomId)
    this.#noteVersion(roomId, access)
    for (const listener of room.listeners) {
      const role = roles.get(listener.userId)
      // Anonymous callers are not members, so nobody can remove them.
      if (isAnonymous(listener.userId)) continue
      if (role === undefined) listener.end(notAMember())
      else if (listener.audience === 'dm' && audienceOf(role) !== 'dm') listener.end(null)
    }
    room.version = Math.max(room.version, access)
    advance(room)
  }
}

function noteApplied(room: Room, access: number): void {
  if (access > room.version && room.applied.size < MAX_APPLIED) room.applied.add(access)
  advance(room)
}

/** Changes that share a moment may be applied while the members are read, and must not be lost by that. */
function advance(room: Room): void {
  while (room.applied.delete(room.version + 1)) room.version += 1
  for (const access of room.applied) if (access <= room.version) room.applied.delete(access)
}

/** Begins the user id of a caller that a plain socket lets in without a token. */
export const ANONYMOUS_PREFIX = 'plain-'
export const isAnonymous = (userId: string): boolean => userId.startsWith(ANONYMOUS_PREFIX)
const notAMember = () =>
  new TablecastError('NOT_A_MEMBER', 'You are not at this table any more. Ask the DM for an invite link.')
