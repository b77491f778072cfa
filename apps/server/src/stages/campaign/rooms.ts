// Rooms, who belongs to them, and who may come in.
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
import { answerOnce } from '@tablecast/orchestrator'
import type { InviteRow, RoomRow, Store, Tables } from '@tablecast/store'
import type { Audit, Audited } from '../../ops/audit.ts'
import { newCode } from './invite-code.ts'
import type { AccessChange } from './room-access.ts'

type Caller = { userId: string; name: string }
type Asked = { key: string }
type InRoom = Asked & { roomId: string }
type Work<T> = (tables: Tables, at: string) => Promise<T>

export type RoomsParts = {
  store: Store
  maxMembers: number
  audit: Audit
  /** Told after the commit. */
  changed(change: AccessChange): void
}

export class Rooms {
  readonly #store: Store
  readonly #maxMembers: number
  readonly #audit: Audit
  readonly #changed: (change: AccessChange) => void

  constructor(parts: RoomsParts) {
    this.#store = parts.store
    this.#maxMembers = parts.maxMembers
    this.#audit = parts.audit
    this.#changed = (change) => parts.changed(change)
  }

  create(caller: Caller, { key, name }: Asked & { name: string }): Promise<RoomDetails> {
    return this.#once('rooms.create', caller, key, async (tables, at) => {
      const room = { id: newCode(), name, activeCampaignId: null, createdAt: at }
      await tables.rooms.insert(room)
      await tables.rooms.putMember(room.id, { ...caller, role: 'owner', joinedAt: at })
      for (const role of ['player', 'dm', 'spectator'] as const)
        await tables.rooms.putInvite(room.id, { role, code: newCode() })
      return detailsOf(tables, room.id, caller.userId)
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
    caller: Caller,
    { key, code, name }: Asked & { code: string; name?: string | undefined },
  ): Promise<RoomDetails> {
    const who = { userId: caller.userId, name: name ?? caller.name }
    let refusedIn: string | null = null
    const changes: AccessChange[] = []
    const joining = this.#once('rooms.join', caller, key, async (tables, at) => {
      changes.length = 0
      const invite = await tables.rooms.findInvite(code)
      refusedIn = invite?.roomId ?? null
      const room = invite && (await tables.rooms.lock(invite.roomId))
      // Read again under the lock: two who come at once don't both take its last use.
      if (!room || !isGood(await tables.rooms.findInvite(code), at)) throw inviteNotFound()
      const known = await tables.rooms.member(room.id, caller.userId)
      if (!known) await this.#mayEnter(tables, room, caller.userId)
      const role = known && rank(known.role) < rank(invite.role) ? known.role : invite.role
      await tables.rooms.putMember(room.id, { ...who, role, joinedAt: known?.joinedAt ?? at })
      if (invite.role === 'owner') await tables.rooms.removeInvite(room.id, 'owner')
      else if (!known) await tables.rooms.countUse(code)
      if (known?.role !== role) {
        const access = await tables.rooms.countAccess(room.id)
        // Who comes again by the same link keeps the streams that are open in other tabs.
        if (known) changes.push({ roomId: room.id, userId: caller.userId, role, access })
        await this.#audit.note(tables, { roomId: room.id, kind: 'joined', by: who, detail: { role } })
      }
      return detailsOf(tables, room.id, caller.userId)
    })
    const details = await joining.catch((error: unknown) => {
      if (refusedIn && error instanceof TablecastError) this.#audit.refused(refusedIn, who, 'rooms.join', error.code)
      throw error
    })
    for (const change of changes) this.#changed(change)
    return details
  }

  async leave(caller: Caller, { key, roomId }: InRoom): Promise<{ ok: true }> {
    await this.#changing('rooms.leave', caller, { key, roomId }, async (tables) => {
      const member = await memberIn(tables, roomId, caller.userId)
      if (member.role === 'owner')
        throw new TablecastError('CONFLICT', 'the owner stays with the room: hand it over first')
      await tables.rooms.removeMember(roomId, caller.userId)
      return { changes: [{ userId: caller.userId, role: null }], audited: { kind: 'left', detail: {} } }
    })
    return { ok: true }
  }

  rotateInvite(
    caller: Caller,
    asked: InRoom & {
      role: InviteRole
      expiresInHours?: number | null | undefined
      maxUses?: number | null | undefined
    },
  ): Promise<RoomDetails> {
    const { roomId, role, expiresInHours, maxUses = null } = asked
    return this.#changing('rooms.rotateInvite', caller, asked, async (tables, at) => {
      const expiresAt = expiresInHours ? new Date(Date.parse(at) + expiresInHours * 3_600_000).toISOString() : null
      await tables.rooms.putInvite(roomId, { role, code: newCode(), expiresAt, maxUses })
      return { changes: [], audited: { kind: 'invite_rotated', detail: { role } } }
    })
  }

  revokeInvite(caller: Caller, asked: InRoom & { role: InviteRole }): Promise<RoomDetails> {
    const { roomId, role } = asked
    return this.#changing('rooms.revokeInvite', caller, asked, async (tables) => {
      await tables.rooms.removeInvite(roomId, role)
      return { changes: [], audited: { kind: 'invite_revoked', detail: { role } } }
    })
  }

  /** Takes effect before the next event. The invite by which they came still works: ban them, or make a new link too. */
  kick(caller: Caller, asked: InRoom & { userId: string }): Promise<RoomDetails> {
    const { roomId, userId } = asked
    return this.#changing('rooms.kick', caller, asked, async (tables) => {
      const { name } = await this.#subordinate(tables, roomId, caller, userId)
      await tables.rooms.removeMember(roomId, userId)
      return { changes: [{ userId, role: null }], audited: { kind: 'kicked', detail: { userId, name } } }
    })
  }

  /** As kick, and they can't come back. */
  ban(caller: Caller, asked: InRoom & { userId: string }): Promise<RoomDetails> {
    const { roomId, userId } = asked
    return this.#changing('rooms.ban', caller, asked, async (tables, at) => {
      const { name } = await this.#subordinate(tables, roomId, caller, userId)
      await tables.rooms.removeMember(roomId, userId)
      await tables.rooms.putBan(roomId, { userId, name, at })
      return { changes: [{ userId, role: null }], audited: { kind: 'banned', detail: { userId, name } } }
    })
  }

  unban(caller: Caller, asked: InRoom & { userId: string }): Promise<RoomDetails> {
    const { roomId, userId } = asked
    return this.#changing('rooms.unban', caller, asked, async (tables) => {
      const ban = (await tables.rooms.bans(roomId)).find((known) => known.userId === userId)
      if (!ban) throw new TablecastError('NOT_FOUND', 'nobody of that id is banned here')
      await tables.rooms.removeBan(roomId, userId)
      return { changes: [], audited: { kind: 'unbanned', detail: { userId, name: ban.name } } }
    })
  }

  /** A locked room lets nobody new in. */
  setLocked(caller: Caller, asked: InRoom & { locked: boolean }): Promise<RoomDetails> {
    return this.#changing('rooms.setLocked', caller, asked, async (tables) => {
      await tables.rooms.setLocked(asked.roomId, asked.locked)
      return { changes: [], audited: { kind: asked.locked ? 'locked' : 'unlocked', detail: {} } }
    })
  }

  setRole(caller: Caller, asked: InRoom & { userId: string; role: Role }): Promise<RoomDetails> {
    const { roomId, userId, role } = asked
    return this.#changing('rooms.setRole', caller, asked, async (tables) => {
      const member = await this.#subordinate(tables, roomId, caller, userId)
      await tables.rooms.putMember(roomId, { ...member, role })
      const { name } = member
      return { changes: [{ userId, role }], audited: { kind: 'role_changed', detail: { userId, name, role } } }
    })
  }

  /** Another member becomes the owner; who was it becomes a co-DM. */
  handOver(caller: Caller, asked: InRoom & { userId: string }): Promise<RoomDetails> {
    const { roomId, userId } = asked
    return this.#changing('rooms.handOver', caller, asked, async (tables) => {
      const heir = await this.#subordinate(tables, roomId, caller, userId)
      const mine = await memberIn(tables, roomId, caller.userId)
      await tables.rooms.putMember(roomId, { ...heir, role: 'owner' })
      await tables.rooms.putMember(roomId, { ...mine, role: 'dm' })
      return {
        changes: [
          { userId, role: 'owner' },
          { userId: caller.userId, role: 'dm' },
        ],
        audited: { kind: 'handed_over', detail: { userId, name: heir.name } },
      }
    })
  }

  /** One user's seat becomes another's: a guest went over into an account that has a user already. */
  async moveSeat(roomId: string, from: Caller, to: Caller): Promise<void> {
    const access = await this.#store.write(async (tables) => {
      await tables.rooms.lock(roomId)
      const member = await tables.rooms.member(roomId, from.userId)
      if (!member) return null
      const known = await tables.rooms.member(roomId, to.userId)
      const role = known && rank(known.role) < rank(member.role) ? known.role : member.role
      await tables.rooms.putMember(roomId, { ...to, role, joinedAt: known?.joinedAt ?? member.joinedAt })
      await tables.rooms.removeMember(roomId, from.userId)
      await tables.entries.moveMember(roomId, from.userId, to.userId)
      return tables.rooms.countAccess(roomId)
    })
    if (access !== null) this.#changed({ roomId, userId: from.userId, role: null, access })
  }

  /** Throws NOT_A_MEMBER, for a room that doesn't exist just as for one that they don't belong to. */
  membership(roomId: string, userId: string): Promise<Member> {
    return this.#store.read((tables) => memberIn(tables, roomId, userId))
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

  async #mayEnter(tables: Tables, room: RoomRow, userId: string): Promise<void> {
    if (await tables.rooms.isBanned(room.id, userId))
      throw new TablecastError('BANNED', 'the DM has banned you from this table')
    if (room.locked) throw new TablecastError('ROOM_LOCKED', 'the table is locked: ask the DM to let you in')
    if ((await tables.rooms.members(room.id)).length >= this.#maxMembers)
      throw new TablecastError('ROOM_FULL', `the room has ${this.#maxMembers} members already`)
  }

  async #subordinate(tables: Tables, roomId: string, caller: Caller, userId: string): Promise<Member> {
    const member = await tables.rooms.member(roomId, userId)
    if (!member) throw new TablecastError('NOT_FOUND', 'there is no such member in this room')
    const mine = await memberIn(tables, roomId, caller.userId)
    if (rank(member.role) <= rank(mine.role))
      throw new TablecastError('FORBIDDEN', `${member.name} is ${member.role}: only someone above may change that`)
    return member
  }

  /** Under the room's lock, with a line in its trail; each changed role is counted, and told after the commit. */
  async #changing(
    procedure: string,
    caller: Caller,
    { key, roomId }: InRoom,
    work: Work<{ changes: { userId: string; role: Role | null }[]; audited: Pick<Audited, 'kind' | 'detail'> }>,
  ): Promise<RoomDetails> {
    const told: AccessChange[] = []
    const details = await this.#once(procedure, caller, key, async (tables, at) => {
      told.length = 0
      await tables.rooms.lock(roomId)
      const { changes, audited } = await work(tables, at)
      for (const change of changes) told.push({ roomId, ...change, access: await tables.rooms.countAccess(roomId) })
      await this.#audit.note(tables, { roomId, by: caller, ...audited })
      const isGone = changes.some(({ userId, role }) => userId === caller.userId && role === null)
      return isGone ? null : detailsOf(tables, roomId, caller.userId)
    })
    for (const change of told) this.#changed(change)
    // Only who left has no details any more, and asks for none.
    return details as RoomDetails
  }

  #once<T>(procedure: string, caller: Caller, key: string, work: Work<T>): Promise<T> {
    const at = new Date().toISOString()
    return this.#store.write((tables) =>
      answerOnce(tables, { userId: caller.userId, key, procedure, at }, () => work(tables, at)),
    )
  }
}

const rank = (role: Role) => roles.indexOf(role)

const inviteNotFound = () =>
  new TablecastError('INVITE_NOT_FOUND', 'this invite is not valid (any more): ask the DM for a new one')

const isGood = (invite: InviteRow | null, at: string): boolean =>
  invite !== null &&
  (invite.expiresAt === null || invite.expiresAt > at) &&
  (invite.maxUses === null || invite.uses < invite.maxUses)

async function memberIn(tables: Tables, roomId: string, userId: string): Promise<Member> {
  const member = await tables.rooms.member(roomId, userId)
  if (!member) throw new TablecastError('NOT_A_MEMBER', 'you are no member of this room: ask the DM for an invite')
  return member
}

const shown = ({ access: _access, ...room }: RoomRow): RoomDetails['room'] => room

async function detailsOf(tables: Tables, roomId: string, userId: string): Promise<RoomDetails> {
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
