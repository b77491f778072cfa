// Rooms, their members, invites and bans.
import {
  audienceOf,
  type InviteRole,
  type Member,
  type Role,
  type RoomDetails,
  type RoomListItem,
  roles,
  TablecastError,
} from '@tablecast/contracts'
import {
  type ChangeRequest,
  changeRoom,
  notAMember,
  type Right,
  type RoomChange,
  wrongRole,
} from '@tablecast/orchestrator'
import {
  Batched,
  type InviteRow,
  type Repositories,
  type RoomRow,
  type Store,
  type TransactionOptions,
} from '@tablecast/store'
import { changeAsUser, type KeyedInput } from './change-as-user.ts'
import type { Membership } from '../trpc.ts'
import type { Audit, Audited } from './audit.ts'
import { newCode } from './invite-code.ts'
import { censusOf, type RoomCensus, RoomCensuses } from './room-census.ts'
import type { AccessChange } from './room-access.ts'

type Person = { userId: string; name: string }
type Seat = { roomId: string; userId: string }
/** `census`: the room's after this, if it is known. */
type Entered = { changes: AccessChange[]; census: RoomCensus | null }
/** `changes`: the new role of each user; null for a removed member. */
type Changed = { changes: { userId: string; role: Role | null }[]; audited: Pick<Audited, 'kind' | 'detail'> }

export type RoomsDeps = {
  store: Store
  maxMembers: number
  /** Rooms that one person may own. */
  maxOwned: number
  audit: Audit
  /** Called after the commit. */
  changed(change: AccessChange): void
}

export class Rooms {
  readonly #store: Store
  readonly #maxMembers: number
  readonly #maxOwned: number
  readonly #audit: Audit
  readonly #changed: (change: AccessChange) => void
  readonly #memberships: Batched<Seat, Membership>
  readonly #censuses = new RoomCensuses()

  constructor(deps: RoomsDeps) {
    this.#store = deps.store
    this.#maxMembers = deps.maxMembers
    this.#maxOwned = deps.maxOwned
    this.#audit = deps.audit
    this.#changed = (change) => deps.changed(change)
    this.#memberships = new Batched({ run: (work) => deps.store.read(work), idOf: seatId, answer: readMemberships })
  }

  /** Throws RATE_LIMITED if the person already owns `maxOwned` rooms. */
  create(person: Person, { name, ...keyedInput }: KeyedInput & { name: string }): Promise<RoomDetails> {
    return this.#store.write(async (tables) => {
      const { roomId } = await changeAsUser(tables, 'rooms.create', person.userId, keyedInput, async (at) => {
        if ((await tables.rooms.countOwned(person.userId)) >= this.#maxOwned)
          throw new TablecastError(
            'RATE_LIMITED',
            `At most ${this.#maxOwned} rooms for one person: hand one over, or use one that you have.`,
          )
        const room = { id: newCode(), name, activeCampaignId: null, createdAt: at }
        await tables.rooms.insert(room)
        await tables.rooms.putMember(room.id, { ...person, role: 'owner', joinedAt: at })
        for (const role of ['player', 'dm', 'spectator'] as const)
          await tables.rooms.putInvite(room.id, { role, code: newCode() })
        return { roomId: room.id }
      })
      return detailsOf(tables, roomId, person.userId)
    })
  }

  get(roomId: string, userId: string): Promise<RoomDetails> {
    return this.#store.read((tables) => detailsOf(tables, roomId, userId))
  }

  list(userId: string): Promise<RoomListItem[]> {
    return this.#store.read(async (tables) =>
      (await tables.rooms.listFor(userId)).map(({ room, role }) => ({ room: shown(room), role })),
    )
  }

  /**
   * Someone who is already a member keeps the higher of the two roles and uses up no invite. Throws INVITE_NOT_FOUND for a code that
   * is unknown, used up or expired, BANNED, ROOM_LOCKED, ROOM_FULL.
   */
  async join(
    person: Person,
    {
      code,
      name,
      deadline,
      ...keyedInput
    }: KeyedInput & { code: string; name?: string | undefined } & TransactionOptions,
  ): Promise<RoomDetails> {
    const newcomer = { userId: person.userId, name: name ?? person.name }
    let invitedTo: string | null = null
    const changes: AccessChange[] = []
    let census: RoomCensus | null = null
    const join = async (tables: Repositories) => {
      changes.length = 0
      census = null
      const { roomId } = await changeAsUser(tables, 'rooms.join', newcomer.userId, keyedInput, async (at) => {
        const invite = await tables.rooms.findInvite(code)
        invitedTo = invite?.roomId ?? null
        const room = invite && (await tables.rooms.lock(invite.roomId))
        // Read again under the lock: two people who join at once must not both take the last use.
        if (!room || !isUsable(await tables.rooms.findInvite(code), at)) throw inviteNotFound()
        const entered = await this.#enter(tables, room, invite, newcomer, at)
        changes.push(...entered.changes)
        census = entered.census
        return { roomId: room.id }
      })
      // A repeat by someone who was banned or removed since then must not show the room.
      if (await tables.rooms.isBanned(roomId, newcomer.userId)) throw banned()
      return detailsOf(tables, roomId, newcomer.userId)
    }
    const details = await this.#store.write(join, { deadline }).catch((error: unknown) => {
      if (invitedTo && error instanceof TablecastError)
        this.#audit.refused(invitedTo, newcomer, 'rooms.join', error.code)
      throw error
    })
    if (census) this.#censuses.keep(details.room.id, census)
    for (const change of changes) this.#changed(change)
    return details
  }

  async leave(asked: ChangeRequest): Promise<{ ok: true }> {
    const { roomId, caller } = asked
    await this.#change('rooms.leave', { ...asked, endsOwnRight: true }, async ({ tables }) => {
      const member = await memberIn(tables, roomId, caller.userId)
      if (member.role === 'owner')
        throw new TablecastError('CONFLICT', 'The owner can not leave the table. Hand it over first.')
      await tables.rooms.removeMember(roomId, caller.userId)
      return { changes: [{ userId: caller.userId, role: null }], audited: { kind: 'left', detail: {} } }
    })
    return { ok: true }
  }

  rotateInvite(
    asked: ChangeRequest & {
      role: InviteRole
      expiresInHours?: number | null | undefined
      maxUses?: number | null | undefined
    },
  ): Promise<RoomDetails> {
    const { roomId, role, expiresInHours, maxUses = null } = asked
    return this.#changeAndShow('rooms.rotateInvite', asked, async ({ tables, at }) => {
      const expiresAt = expiresInHours ? new Date(Date.parse(at) + expiresInHours * 3_600_000).toISOString() : null
      await tables.rooms.putInvite(roomId, { role, code: newCode(), expiresAt, maxUses })
      return { changes: [], audited: { kind: 'invite_rotated', detail: { role } } }
    })
  }

  revokeInvite(asked: ChangeRequest & { role: InviteRole }): Promise<RoomDetails> {
    const { roomId, role } = asked
    return this.#changeAndShow('rooms.revokeInvite', asked, async ({ tables }) => {
      await tables.rooms.removeInvite(roomId, role)
      return { changes: [], audited: { kind: 'invite_revoked', detail: { role } } }
    })
  }

  /** Removes a member before the next event. An invite still lets them in again: to prevent that, ban them or make a new link. */
  kick(asked: ChangeRequest & { userId: string }): Promise<RoomDetails> {
    const { roomId, userId } = asked
    return this.#changeAndShow('rooms.kick', asked, async ({ tables }) => {
      const { name } = await this.#subordinate(tables, asked, userId)
      await tables.rooms.removeMember(roomId, userId)
      return { changes: [{ userId, role: null }], audited: { kind: 'kicked', detail: { userId, name } } }
    })
  }

  /** Like `kick`, and the member can't join again. */
  ban(asked: ChangeRequest & { userId: string }): Promise<RoomDetails> {
    const { roomId, userId } = asked
    return this.#changeAndShow('rooms.ban', asked, async ({ tables, at }) => {
      const { name } = await this.#subordinate(tables, asked, userId)
      await tables.rooms.removeMember(roomId, userId)
      await tables.rooms.putBan(roomId, { userId, name, at })
      return { changes: [{ userId, role: null }], audited: { kind: 'banned', detail: { userId, name } } }
    })
  }

  unban(asked: ChangeRequest & { userId: string }): Promise<RoomDetails> {
    const { roomId, userId } = asked
    return this.#changeAndShow('rooms.unban', asked, async ({ tables }) => {
      const ban = (await tables.rooms.bans(roomId)).find((known) => known.userId === userId)
      if (!ban)
        throw new TablecastError('NOT_FOUND', 'This person is not banned here. They can come back by an invite link.')
      await tables.rooms.removeBan(roomId, userId)
      return { changes: [], audited: { kind: 'unbanned', detail: { userId, name: ban.name } } }
    })
  }

  /** Nobody can join a locked room. Its members stay. */
  setLocked(asked: ChangeRequest & { locked: boolean }): Promise<RoomDetails> {
    return this.#changeAndShow('rooms.setLocked', asked, async ({ tables }) => {
      await tables.rooms.setLocked(asked.roomId, asked.locked)
      return { changes: [], audited: { kind: asked.locked ? 'locked' : 'unlocked', detail: {} } }
    })
  }

  setRole(asked: ChangeRequest & { userId: string; role: Role }): Promise<RoomDetails> {
    const { roomId, userId, role } = asked
    return this.#changeAndShow('rooms.setRole', asked, async ({ tables }) => {
      const member = await this.#subordinate(tables, asked, userId)
      await tables.rooms.putMember(roomId, { ...member, role })
      const { name } = member
      return { changes: [{ userId, role }], audited: { kind: 'role_changed', detail: { userId, name, role } } }
    })
  }

  /** Makes another member the owner. The owner before becomes a co-DM. */
  handOver(asked: ChangeRequest & { userId: string }): Promise<RoomDetails> {
    const { roomId, caller, userId } = asked
    return this.#changeAndShow('rooms.handOver', { ...asked, endsOwnRight: true }, async ({ tables }) => {
      const heir = await this.#subordinate(tables, asked, userId)
      const mine = await memberIn(tables, roomId, caller.userId)
      // In this order, because the database refuses two owners at any moment.
      await tables.rooms.putMember(roomId, { ...mine, role: 'dm' })
      await tables.rooms.putMember(roomId, { ...heir, role: 'owner' })
      return {
        changes: [
          { userId, role: 'owner' },
          { userId: caller.userId, role: 'dm' },
        ],
        audited: { kind: 'handed_over', detail: { userId, name: heir.name } },
      }
    })
  }

  /**
   * Gives the membership of a guest to the user whose account the guest got. Call it under the room's lock, and publish the returned
   * change after the commit. Null if the guest was not a member.
   */
  async moveMembership({ tables, room }: RoomChange, from: Person, to: Person): Promise<AccessChange | null> {
    const member = await tables.rooms.member(room.id, from.userId)
    if (!member) return null
    const known = await tables.rooms.member(room.id, to.userId)
    const role = known && rank(known.role) < rank(member.role) ? known.role : member.role
    await tables.rooms.removeMember(room.id, from.userId)
    const name = censusOf(room, await tables.rooms.members(room.id)).shownName(to)
    await tables.rooms.putMember(room.id, {
      userId: to.userId,
      name,
      role,
      joinedAt: known?.joinedAt ?? member.joinedAt,
    })
    return { roomId: room.id, userId: from.userId, role: null, access: await tables.rooms.nextAccessVersion(room.id) }
  }

  /** Gives the person a new name in each of their rooms. Each room is one transaction: a repeat continues with the others. */
  async renameEverywhere(person: Person): Promise<void> {
    for (const roomId of await this.#store.read(({ rooms }) => rooms.idsFor(person.userId))) {
      const change = await this.#store.write((tables) => this.#rename(tables, roomId, person))
      if (change) this.#changed(change)
    }
  }

  /** Throws NOT_A_MEMBER, also for a room that doesn't exist, so that nobody learns which ids exist. */
  async membership(roomId: string, userId: string): Promise<Membership> {
    const member = await this.#memberships.get({ roomId, userId })
    if (!member) throw notAMember()
    return member
  }

  /** The membership, if its role has the right. Throws NOT_A_MEMBER, NOT_THE_DM. */
  async allowed(roomId: string, userId: string, right: Right): Promise<Membership> {
    const refuse = (error: unknown): never => {
      if (error instanceof TablecastError) right.refused?.(error)
      throw error
    }
    const member = await this.membership(roomId, userId).catch(refuse)
    const wrong = wrongRole(member, right)
    return wrong ? refuse(wrong) : member
  }

  /** Whether this idempotency key of the user already has a stored answer. */
  async hasAnswered(procedure: string, userId: string, key: string): Promise<boolean> {
    const known = await this.#store.read(({ answers }) => answers.find(userId, key))
    return known?.procedure === procedure
  }

  /** The name of the room that this invite lets newcomers into. Throws INVITE_NOT_FOUND. */
  invitedTo(code: string): Promise<string> {
    return this.#store.read(async (tables) => {
      const invite = await tables.rooms.findInvite(code)
      const room = isUsable(invite, new Date().toISOString()) && invite ? await tables.rooms.get(invite.roomId) : null
      if (!room) throw inviteNotFound()
      return room.name
    })
  }

  exists(roomId: string): Promise<boolean> {
    return this.#store.read(async (tables) => (await tables.rooms.get(roomId)) !== null)
  }

  inviteCodes(roomId: string): Promise<{ role: InviteRole; code: string }[]> {
    return this.#store.read((tables) => tables.rooms.invites(roomId))
  }

  /** Null where nothing changes. The change ends the person's streams, and those that they open again have the new name. */
  async #rename(tables: Repositories, roomId: string, person: Person): Promise<AccessChange | null> {
    const room = await tables.rooms.lock(roomId)
    const member = await tables.rooms.member(roomId, person.userId)
    if (!room || !member) return null
    const name = (await this.#censuses.of(tables.rooms, room)).shownName(person)
    if (name === member.name) return null
    await tables.rooms.putMember(roomId, { ...member, name })
    const by = { userId: person.userId, name }
    await this.#audit.note(tables, { roomId, kind: 'renamed', by, detail: { name: member.name } })
    const access = await tables.rooms.nextAccessVersion(roomId)
    return { roomId, userId: person.userId, role: member.role, access }
  }

  /** Makes the person a member, or raises a member's role. `changes` and `census` count after the commit. */
  async #enter(tables: Repositories, room: RoomRow, invite: InviteRow, person: Person, at: string): Promise<Entered> {
    const known = await tables.rooms.member(room.id, person.userId)
    const census = await this.#censuses.of(tables.rooms, room)
    if (!known) await this.#assertMayJoin(tables, room, person.userId, census)
    const role = known && rank(known.role) < rank(invite.role) ? known.role : invite.role
    const changes = role === 'owner' ? await this.#demoteOwner(tables, room.id, person) : []
    const name = census.shownName(person)
    await tables.rooms.putMember(room.id, { userId: person.userId, name, role, joinedAt: known?.joinedAt ?? at })
    if (invite.role === 'owner') await tables.rooms.removeInvite(room.id, 'owner')
    else if (!known) await tables.rooms.countUse(invite.code)
    // A member who joins again by the same link keeps the streams that are open in other tabs.
    if (known?.role === role && known.name === name) return { changes, census: null }
    const access = await tables.rooms.nextAccessVersion(room.id)
    if (known?.role === role) return { changes, census: null }
    await this.#audit.note(tables, { roomId: room.id, kind: 'joined', by: person, detail: { role } })
    // A new member has no streams to end.
    if (known) return { changes: [...changes, { roomId: room.id, userId: person.userId, role, access }], census: null }
    return { changes, census: audienceOf(role) === 'dm' ? null : census.withOneMore(access) }
  }

  /** A room has one owner. When the operator's link brings a new one, the owner before becomes a DM. */
  async #demoteOwner(tables: Repositories, roomId: string, heir: Person): Promise<AccessChange[]> {
    const before = (await tables.rooms.members(roomId)).find(({ role }) => role === 'owner')
    if (!before || before.userId === heir.userId) return []
    await tables.rooms.putMember(roomId, { ...before, role: 'dm' })
    const { userId, name } = before
    await this.#audit.note(tables, { roomId, kind: 'role_changed', by: heir, detail: { userId, name, role: 'dm' } })
    return [{ roomId, userId, role: 'dm', access: await tables.rooms.nextAccessVersion(roomId) }]
  }

  /** Throws BANNED, ROOM_LOCKED, ROOM_FULL. */
  async #assertMayJoin(tables: Repositories, room: RoomRow, userId: string, census: RoomCensus): Promise<void> {
    if (await tables.rooms.isBanned(room.id, userId)) throw banned()
    if (room.locked) throw new TablecastError('ROOM_LOCKED', 'The table is locked: ask the DM to let you in.')
    if (census.count >= this.#maxMembers)
      throw new TablecastError('ROOM_FULL', `This table is full (${this.#maxMembers}). Ask the DM to make room.`)
  }

  /** A member with a lower role than the caller. Throws NOT_FOUND, FORBIDDEN. */
  async #subordinate(tables: Repositories, { roomId, caller }: ChangeRequest, userId: string): Promise<Member> {
    const member = await tables.rooms.member(roomId, userId)
    if (!member)
      throw new TablecastError('NOT_FOUND', 'This person is not at the table any more. Reload the page to see who is.')
    const mine = await memberIn(tables, roomId, caller.userId)
    if (rank(member.role) <= rank(mine.role))
      throw new TablecastError(
        'FORBIDDEN',
        `${member.name} has as many rights as you, or more. Ask the owner of the table.`,
      )
    return member
  }

  async #changeAndShow(
    procedure: string,
    asked: ChangeRequest,
    work: (change: RoomChange) => Promise<Changed>,
  ): Promise<RoomDetails> {
    await this.#change(procedure, asked, work)
    // The current state, also for a repeat: the caller may see less now than at the first call.
    return this.get(asked.roomId, asked.caller.userId)
  }

  /**
   * Writes an audit event in the same transaction, raises accessVersion for each changed role, and publishes the changes after
   * the commit.
   */
  async #change(
    procedure: string,
    asked: ChangeRequest,
    work: (change: RoomChange) => Promise<Changed>,
  ): Promise<void> {
    const { roomId } = asked
    const published: AccessChange[] = []
    await changeRoom(this.#store, procedure, asked, new Date().toISOString(), async (change) => {
      published.length = 0
      const { tables, actor } = change
      const { changes, audited } = await work(change)
      for (const one of changes)
        published.push({ roomId, ...one, access: await tables.rooms.nextAccessVersion(roomId) })
      await this.#audit.note(tables, { roomId, by: { userId: actor.id, name: actor.name }, ...audited })
      return null
    })
    for (const change of published) this.#changed(change)
  }
}

/** The roles of a room's members by user id, and the accessVersion at which that was read. */
export const readMembers = (
  store: Store,
  roomId: string,
): Promise<{ access: number; roles: ReadonlyMap<string, Role> }> =>
  store.read(async ({ rooms }) => ({
    access: (await rooms.get(roomId))?.access ?? 0,
    roles: new Map((await rooms.members(roomId)).map(({ userId, role }) => [userId, role])),
  }))

const seatId = ({ roomId, userId }: Seat): string => `${roomId} ${userId}`

async function readMemberships({ rooms }: Repositories, seats: readonly Seat[]): Promise<Map<string, Membership>> {
  const found = new Map<string, Membership>()
  for (const [roomId, inRoom] of Map.groupBy(seats, (seat) => seat.roomId))
    for (const member of await rooms.memberships(
      roomId,
      inRoom.map(({ userId }) => userId),
    ))
      found.set(seatId({ roomId, userId: member.userId }), { ...member, roomId })
  return found
}

const rank = (role: Role) => roles.indexOf(role)

const banned = () =>
  new TablecastError('BANNED', 'The DM has banned you from this table. Only the DM can let you back in.')

const inviteNotFound = () =>
  new TablecastError('INVITE_NOT_FOUND', 'This invite is not valid any more: ask the DM for a new one.')

const isUsable = (invite: InviteRow | null, at: string): boolean =>
  invite !== null &&
  (invite.expiresAt === null || invite.expiresAt > at) &&
  (invite.maxUses === null || invite.uses < invite.maxUses)

async function memberIn(tables: Repositories, roomId: string, userId: string): Promise<Member> {
  const member = await tables.rooms.member(roomId, userId)
  if (!member) throw notAMember()
  return member
}

const shown = ({ access: _access, ...room }: RoomRow): RoomDetails['room'] => room

async function detailsOf(tables: Repositories, roomId: string, userId: string): Promise<RoomDetails> {
  const me = await memberIn(tables, roomId, userId)
  const room = await tables.rooms.get(roomId)
  if (!room) throw new TablecastError('NOT_FOUND', 'There is no such table. Check its address.')
  const isDm = audienceOf(me.role) === 'dm'
  return {
    room: shown(room),
    role: me.role,
    me,
    ...(isDm ? await listedMembers(tables, roomId) : { members: [me], unlisted: 0 }),
    invites: isDm ? (await tables.rooms.invites(roomId)).filter(({ role }) => role !== 'owner') : [],
    bans: isDm ? await tables.rooms.bans(roomId) : [],
  }
}

/** The most members in an answer to a DM, so that it does not grow with a crowd. */
const MAX_LISTED = { seated: 2_000, spectators: 200 }

async function listedMembers(
  { rooms }: Repositories,
  roomId: string,
): Promise<Pick<RoomDetails, 'members' | 'unlisted'>> {
  const all = await rooms.members(roomId)
  const seated = all.filter(({ role }) => role !== 'spectator').slice(0, MAX_LISTED.seated)
  const spectators = all.filter(({ role }) => role === 'spectator').slice(-MAX_LISTED.spectators)
  const listed = new Set([...seated, ...spectators])
  return { members: all.filter((member) => listed.has(member)), unlisted: all.length - listed.size }
}
