// Rooms, who belongs to them, and who may come in.
import {
  audienceOf,
  type InviteRole,
  lookOf,
  type Member,
  type Role,
  type RoomDetails,
  type RoomListItem,
  roles,
  TablecastError,
} from '@tablecast/contracts'
import { type Asked, changeRoom, notAMember, type Right, type RoomChange, wrongRole } from '@tablecast/orchestrator'
import type { InviteRow, RoomRow, Store, Repositories, TransactionOptions } from '@tablecast/store'
import { changeAsUser, type Once } from '../../auth/change-as-user.ts'
import type { Membership } from '../../trpc.ts'
import type { Audit, Audited } from '../../ops/audit.ts'
import { newCode } from './invite-code.ts'
import type { AccessChange } from './room-access.ts'

type Person = { userId: string; name: string }
type Changed = { changes: { userId: string; role: Role | null }[]; audited: Pick<Audited, 'kind' | 'detail'> }

export type RoomsParts = {
  store: Store
  maxMembers: number
  /** Rooms that one person may own. */
  maxOwned: number
  audit: Audit
  /** Told after the commit. */
  changed(change: AccessChange): void
}

export class Rooms {
  readonly #store: Store
  readonly #maxMembers: number
  readonly #maxOwned: number
  readonly #audit: Audit
  readonly #changed: (change: AccessChange) => void

  constructor(parts: RoomsParts) {
    this.#store = parts.store
    this.#maxMembers = parts.maxMembers
    this.#maxOwned = parts.maxOwned
    this.#audit = parts.audit
    this.#changed = (change) => parts.changed(change)
  }

  /** Throws RATE_LIMITED for somebody who owns too many. */
  create(person: Person, { name, ...once }: Once & { name: string }): Promise<RoomDetails> {
    return this.#store.write(async (tables) => {
      const { roomId } = await changeAsUser(tables, 'rooms.create', person.userId, once, async (at) => {
        if ((await tables.rooms.countOwned(person.userId)) >= this.#maxOwned)
          throw new TablecastError(
            'RATE_LIMITED',
            `at most ${this.#maxOwned} rooms for one person: hand one over, or use one that you have`,
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
   * Who is a member already keeps the better of the two roles and uses nothing up. Throws INVITE_NOT_FOUND for a code that is unknown,
   * used up or too old, BANNED, ROOM_LOCKED, ROOM_FULL.
   */
  async join(
    person: Person,
    { code, name, deadline, ...once }: Once & { code: string; name?: string | undefined } & TransactionOptions,
  ): Promise<RoomDetails> {
    const who = { userId: person.userId, name: name ?? person.name }
    let refusedIn: string | null = null
    const changes: AccessChange[] = []
    const join = async (tables: Repositories) => {
      changes.length = 0
      const { roomId } = await changeAsUser(tables, 'rooms.join', who.userId, once, async (at) => {
        const invite = await tables.rooms.findInvite(code)
        refusedIn = invite?.roomId ?? null
        const room = invite && (await tables.rooms.lock(invite.roomId))
        // Read again under the lock: two who come at once don't both take its last use.
        if (!room || !isGood(await tables.rooms.findInvite(code), at)) throw inviteNotFound()
        changes.push(...(await this.#enter(tables, room, invite, who, at)))
        return { roomId: room.id }
      })
      // A repeat tells somebody who was banned or removed since then no more than that.
      if (await tables.rooms.isBanned(roomId, who.userId)) throw banned()
      return detailsOf(tables, roomId, who.userId)
    }
    const details = await this.#store.write(join, { deadline }).catch((error: unknown) => {
      if (refusedIn && error instanceof TablecastError) this.#audit.refused(refusedIn, who, 'rooms.join', error.code)
      throw error
    })
    for (const change of changes) this.#changed(change)
    return details
  }

  async leave(asked: Asked): Promise<{ ok: true }> {
    const { roomId, caller } = asked
    await this.#change('rooms.leave', { ...asked, endsOwnRight: true }, async ({ tables }) => {
      const member = await memberIn(tables, roomId, caller.userId)
      if (member.role === 'owner')
        throw new TablecastError('CONFLICT', 'the owner stays with the room: hand it over first')
      await tables.rooms.removeMember(roomId, caller.userId)
      return { changes: [{ userId: caller.userId, role: null }], audited: { kind: 'left', detail: {} } }
    })
    return { ok: true }
  }

  rotateInvite(
    asked: Asked & {
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

  revokeInvite(asked: Asked & { role: InviteRole }): Promise<RoomDetails> {
    const { roomId, role } = asked
    return this.#changeAndShow('rooms.revokeInvite', asked, async ({ tables }) => {
      await tables.rooms.removeInvite(roomId, role)
      return { changes: [], audited: { kind: 'invite_revoked', detail: { role } } }
    })
  }

  /** Takes effect before the next event. The invite by which they came still works: ban them, or make a new link too. */
  kick(asked: Asked & { userId: string }): Promise<RoomDetails> {
    const { roomId, userId } = asked
    return this.#changeAndShow('rooms.kick', asked, async ({ tables }) => {
      const { name } = await this.#subordinate(tables, asked, userId)
      await tables.rooms.removeMember(roomId, userId)
      return { changes: [{ userId, role: null }], audited: { kind: 'kicked', detail: { userId, name } } }
    })
  }

  /** As kick, and they can't come back. */
  ban(asked: Asked & { userId: string }): Promise<RoomDetails> {
    const { roomId, userId } = asked
    return this.#changeAndShow('rooms.ban', asked, async ({ tables, at }) => {
      const { name } = await this.#subordinate(tables, asked, userId)
      await tables.rooms.removeMember(roomId, userId)
      await tables.rooms.putBan(roomId, { userId, name, at })
      return { changes: [{ userId, role: null }], audited: { kind: 'banned', detail: { userId, name } } }
    })
  }

  unban(asked: Asked & { userId: string }): Promise<RoomDetails> {
    const { roomId, userId } = asked
    return this.#changeAndShow('rooms.unban', asked, async ({ tables }) => {
      const ban = (await tables.rooms.bans(roomId)).find((known) => known.userId === userId)
      if (!ban) throw new TablecastError('NOT_FOUND', 'nobody of that id is banned here')
      await tables.rooms.removeBan(roomId, userId)
      return { changes: [], audited: { kind: 'unbanned', detail: { userId, name: ban.name } } }
    })
  }

  /** A locked room lets nobody new in. */
  setLocked(asked: Asked & { locked: boolean }): Promise<RoomDetails> {
    return this.#changeAndShow('rooms.setLocked', asked, async ({ tables }) => {
      await tables.rooms.setLocked(asked.roomId, asked.locked)
      return { changes: [], audited: { kind: asked.locked ? 'locked' : 'unlocked', detail: {} } }
    })
  }

  setRole(asked: Asked & { userId: string; role: Role }): Promise<RoomDetails> {
    const { roomId, userId, role } = asked
    return this.#changeAndShow('rooms.setRole', asked, async ({ tables }) => {
      const member = await this.#subordinate(tables, asked, userId)
      await tables.rooms.putMember(roomId, { ...member, role })
      const { name } = member
      return { changes: [{ userId, role }], audited: { kind: 'role_changed', detail: { userId, name, role } } }
    })
  }

  /** Another member becomes the owner; who was it becomes a co-DM. */
  handOver(asked: Asked & { userId: string }): Promise<RoomDetails> {
    const { roomId, caller, userId } = asked
    return this.#changeAndShow('rooms.handOver', { ...asked, endsOwnRight: true }, async ({ tables }) => {
      const heir = await this.#subordinate(tables, asked, userId)
      const mine = await memberIn(tables, roomId, caller.userId)
      // In this order: the database refuses two owners at any moment.
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
   * Under the room's lock, one user's seat becomes another's: a guest went over into an account that has a user already. Answers
   * what is to be told after the commit; null when they had no seat.
   */
  async moveSeat({ tables, room }: RoomChange, from: Person, to: Person): Promise<AccessChange | null> {
    const member = await tables.rooms.member(room.id, from.userId)
    if (!member) return null
    const known = await tables.rooms.member(room.id, to.userId)
    const role = known && rank(known.role) < rank(member.role) ? known.role : member.role
    await tables.rooms.removeMember(room.id, from.userId)
    const name = await shownName(tables, room.id, to)
    await tables.rooms.putMember(room.id, {
      userId: to.userId,
      name,
      role,
      joinedAt: known?.joinedAt ?? member.joinedAt,
    })
    return { roomId: room.id, userId: from.userId, role: null, access: await tables.rooms.countAccess(room.id) }
  }

  /** Throws NOT_A_MEMBER, for a room that doesn't exist just as for one that they don't belong to. */
  async membership(roomId: string, userId: string): Promise<Membership> {
    const member = await this.#store.read(({ rooms }) => rooms.membership(roomId, userId))
    if (!member) throw notAMember()
    return { ...member, roomId }
  }

  /** The same, of somebody with a role that may. Throws NOT_A_MEMBER, NOT_THE_DM. */
  async allowed(roomId: string, userId: string, right: Right): Promise<Membership> {
    const refuse = (error: unknown): never => {
      if (error instanceof TablecastError) right.refused?.(error)
      throw error
    }
    const member = await this.membership(roomId, userId).catch(refuse)
    const wrong = wrongRole(member, right)
    return wrong ? refuse(wrong) : member
  }

  /** Whether this key of theirs has its answer already. */
  async hasAnswered(procedure: string, userId: string, key: string): Promise<boolean> {
    const known = await this.#store.read(({ answers }) => answers.find(userId, key))
    return known?.procedure === procedure
  }

  /** Who belongs to the room, and the count of changes that this stands for. */
  members(roomId: string): Promise<{ access: number; roles: ReadonlyMap<string, Role> }> {
    return this.#store.read(async ({ rooms }) => ({
      access: (await rooms.get(roomId))?.access ?? 0,
      roles: new Map((await rooms.members(roomId)).map(({ userId, role }) => [userId, role])),
    }))
  }

  exists(roomId: string): Promise<boolean> {
    return this.#store.read(async (tables) => (await tables.rooms.get(roomId)) !== null)
  }

  inviteCodes(roomId: string): Promise<{ role: InviteRole; code: string }[]> {
    return this.#store.read((tables) => tables.rooms.invites(roomId))
  }

  /** Takes a seat, or a better one. Answers what is to be told after the commit. */
  async #enter(
    tables: Repositories,
    room: RoomRow,
    invite: InviteRow,
    who: Person,
    at: string,
  ): Promise<AccessChange[]> {
    const known = await tables.rooms.member(room.id, who.userId)
    if (!known) await this.#mayEnter(tables, room, who.userId)
    const role = known && rank(known.role) < rank(invite.role) ? known.role : invite.role
    const changes = role === 'owner' ? await this.#makeWay(tables, room.id, who) : []
    const name = await shownName(tables, room.id, who)
    await tables.rooms.putMember(room.id, { userId: who.userId, name, role, joinedAt: known?.joinedAt ?? at })
    if (invite.role === 'owner') await tables.rooms.removeInvite(room.id, 'owner')
    else if (!known) await tables.rooms.countUse(invite.code)
    if (known?.role === role) return changes
    const access = await tables.rooms.countAccess(room.id)
    await this.#audit.note(tables, { roomId: room.id, kind: 'joined', by: who, detail: { role } })
    // Who comes again by the same link keeps the streams that are open in other tabs.
    return known ? [...changes, { roomId: room.id, userId: who.userId, role, access }] : changes
  }

  /** A room has one owner: by the operator's link for a new one, the one before becomes a DM. */
  async #makeWay(tables: Repositories, roomId: string, who: Person): Promise<AccessChange[]> {
    const before = (await tables.rooms.members(roomId)).find(({ role }) => role === 'owner')
    if (!before || before.userId === who.userId) return []
    await tables.rooms.putMember(roomId, { ...before, role: 'dm' })
    const { userId, name } = before
    await this.#audit.note(tables, { roomId, kind: 'role_changed', by: who, detail: { userId, name, role: 'dm' } })
    return [{ roomId, userId, role: 'dm', access: await tables.rooms.countAccess(roomId) }]
  }

  async #mayEnter(tables: Repositories, room: RoomRow, userId: string): Promise<void> {
    if (await tables.rooms.isBanned(room.id, userId)) throw banned()
    if (room.locked) throw new TablecastError('ROOM_LOCKED', 'the table is locked: ask the DM to let you in')
    if ((await tables.rooms.members(room.id)).length >= this.#maxMembers)
      throw new TablecastError('ROOM_FULL', `the room has ${this.#maxMembers} members already`)
  }

  async #subordinate(tables: Repositories, { roomId, caller }: Asked, userId: string): Promise<Member> {
    const member = await tables.rooms.member(roomId, userId)
    if (!member) throw new TablecastError('NOT_FOUND', 'there is no such member in this room')
    const mine = await memberIn(tables, roomId, caller.userId)
    if (rank(member.role) <= rank(mine.role))
      throw new TablecastError('FORBIDDEN', `${member.name} is ${member.role}: only someone above may change that`)
    return member
  }

  async #changeAndShow(
    procedure: string,
    asked: Asked,
    work: (change: RoomChange) => Promise<Changed>,
  ): Promise<RoomDetails> {
    await this.#change(procedure, asked, work)
    // As it stands now, also for a repeat: what the caller may see of it is not what they could see then.
    return this.get(asked.roomId, asked.caller.userId)
  }

  /** With a line in the room's trail; each changed role is counted, and told after the commit. */
  async #change(procedure: string, asked: Asked, work: (change: RoomChange) => Promise<Changed>): Promise<void> {
    const { roomId } = asked
    const told: AccessChange[] = []
    await changeRoom(this.#store, procedure, asked, new Date().toISOString(), async (change) => {
      told.length = 0
      const { tables, actor } = change
      const { changes, audited } = await work(change)
      for (const one of changes) told.push({ roomId, ...one, access: await tables.rooms.countAccess(roomId) })
      await this.#audit.note(tables, { roomId, by: { userId: actor.id, name: actor.name }, ...audited })
      return null
    })
    for (const change of told) this.#changed(change)
  }
}

const rank = (role: Role) => roles.indexOf(role)

const banned = () => new TablecastError('BANNED', 'the DM has banned you from this table')

const inviteNotFound = () =>
  new TablecastError('INVITE_NOT_FOUND', 'this invite is not valid (any more): ask the DM for a new one')

const isGood = (invite: InviteRow | null, at: string): boolean =>
  invite !== null &&
  (invite.expiresAt === null || invite.expiresAt > at) &&
  (invite.maxUses === null || invite.uses < invite.maxUses)

/** A name that looks like the one of a DM gets a mark, so that nobody speaks as one by their name. */
async function shownName(tables: Repositories, roomId: string, { userId, name }: Person): Promise<string> {
  const others = (await tables.rooms.members(roomId)).filter((member) => member.userId !== userId)
  const isTaken = (asked: string) =>
    others.some((member) => audienceOf(member.role) === 'dm' && lookOf(member.name) === lookOf(asked))
  if (!isTaken(name)) return name
  for (let number = 2; ; number++) {
    const marked = `${name.slice(0, 52)} (${number})`
    if (!isTaken(marked)) return marked
  }
}

async function memberIn(tables: Repositories, roomId: string, userId: string): Promise<Member> {
  const member = await tables.rooms.member(roomId, userId)
  if (!member) throw notAMember()
  return member
}

const shown = ({ access: _access, ...room }: RoomRow): RoomDetails['room'] => room

async function detailsOf(tables: Repositories, roomId: string, userId: string): Promise<RoomDetails> {
  const me = await memberIn(tables, roomId, userId)
  const room = await tables.rooms.get(roomId)
  if (!room) throw new TablecastError('NOT_FOUND', 'there is no such room')
  const isDm = audienceOf(me.role) === 'dm'
  return {
    room: shown(room),
    role: me.role,
    me,
    members: await tables.rooms.members(roomId),
    invites: isDm ? (await tables.rooms.invites(roomId)).filter(({ role }) => role !== 'owner') : [],
    bans: isDm ? await tables.rooms.bans(roomId) : [],
  }
}
