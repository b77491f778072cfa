// Rooms and who belongs to them.
import { randomBytes } from 'node:crypto'
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
import type { Store, Tables } from '@tablecast/store'

type Caller = { userId: string; name: string }
type Asked = { key: string }

/** Told after the commit that someone's membership changed or ended. */
export type MembershipChange = { roomId: string; userId: string; role: Role | null }

export class Rooms {
  readonly #store: Store
  readonly #maxMembers: number
  readonly #changed: (change: MembershipChange) => void

  constructor(parts: { store: Store; maxMembers: number; changed(change: MembershipChange): void }) {
    this.#store = parts.store
    this.#maxMembers = parts.maxMembers
    this.#changed = (change) => parts.changed(change)
  }

  create(caller: Caller, { key, name }: Asked & { name: string }): Promise<RoomDetails> {
    return this.#once('rooms.create', caller, key, async (tables, at) => {
      const room = { id: newCode(), name, activeCampaignId: null, createdAt: at }
      await tables.rooms.insert(room)
      await tables.rooms.putMember(room.id, { ...caller, role: 'owner', joinedAt: at })
      for (const role of ['player', 'dm', 'spectator'] as const) await tables.rooms.putInvite(room.id, role, newCode())
      return detailsOf(tables, room.id, caller.userId)
    })
  }

  get(roomId: string, userId: string): Promise<RoomDetails> {
    return this.#store.read((tables) => detailsOf(tables, roomId, userId))
  }

  list(userId: string): Promise<RoomListItem[]> {
    return this.#store.read((tables) => tables.rooms.listFor(userId))
  }

  /** Who is a member already keeps the better of the two roles. Throws INVITE_NOT_FOUND, ROOM_FULL. */
  async join(
    caller: Caller,
    { key, code, name }: Asked & { code: string; name?: string | undefined },
  ): Promise<RoomDetails> {
    let before: Role | null = null
    const details = await this.#once('rooms.join', caller, key, async (tables, at) => {
      const invite = await tables.rooms.findInvite(code)
      if (!invite)
        throw new TablecastError('INVITE_NOT_FOUND', 'this invite is not valid (any more): ask the DM for a new one')
      await tables.rooms.lock(invite.roomId)
      const members = await tables.rooms.members(invite.roomId)
      const known = members.find(({ userId }) => userId === caller.userId)
      if (!known && members.length >= this.#maxMembers)
        throw new TablecastError('ROOM_FULL', `the room has ${this.#maxMembers} members already`)
      before = known?.role ?? null
      const role = known && rank(known.role) < rank(invite.role) ? known.role : invite.role
      const member = { userId: caller.userId, name: name ?? caller.name, role, joinedAt: known?.joinedAt ?? at }
      await tables.rooms.putMember(invite.roomId, member)
      if (invite.role === 'owner') await tables.rooms.removeInvite(invite.roomId, 'owner')
      return detailsOf(tables, invite.roomId, caller.userId)
    })
    // Who comes again by the same link keeps the streams that are open in other tabs.
    if (before !== null && before !== details.role)
      this.#changed({ roomId: details.room.id, userId: caller.userId, role: details.role })
    return details
  }

  async leave(caller: Caller, { key, roomId }: Asked & { roomId: string }): Promise<{ ok: true }> {
    await this.#once('rooms.leave', caller, key, async (tables) => {
      const member = await memberIn(tables, roomId, caller.userId)
      if (member.role === 'owner') throw new TablecastError('CONFLICT', 'the owner stays with the room')
      await tables.rooms.removeMember(roomId, caller.userId)
      return null
    })
    this.#changed({ roomId, userId: caller.userId, role: null })
    return { ok: true }
  }

  rotateInvite(caller: Caller, asked: Asked & { roomId: string; role: InviteRole }): Promise<RoomDetails> {
    return this.#once('rooms.rotateInvite', caller, asked.key, async (tables) => {
      await tables.rooms.putInvite(asked.roomId, asked.role, newCode())
      return detailsOf(tables, asked.roomId, caller.userId)
    })
  }

  /** Takes effect before the next event. The invite by which they came still works: rotate it too. */
  async kick(
    caller: Caller,
    { key, roomId, userId }: Asked & { roomId: string; userId: string },
  ): Promise<RoomDetails> {
    const details = await this.#once('rooms.kick', caller, key, async (tables) => {
      await this.#subordinate(tables, roomId, caller, userId)
      await tables.rooms.removeMember(roomId, userId)
      return detailsOf(tables, roomId, caller.userId)
    })
    this.#changed({ roomId, userId, role: null })
    return details
  }

  async setRole(
    caller: Caller,
    { key, roomId, userId, role }: Asked & { roomId: string; userId: string; role: Role },
  ): Promise<RoomDetails> {
    const details = await this.#once('rooms.setRole', caller, key, async (tables) => {
      const member = await this.#subordinate(tables, roomId, caller, userId)
      await tables.rooms.putMember(roomId, { ...member, role })
      return detailsOf(tables, roomId, caller.userId)
    })
    this.#changed({ roomId, userId, role })
    return details
  }

  /** Throws NOT_A_MEMBER, for a room that doesn't exist just as for one that they don't belong to. */
  membership(roomId: string, userId: string): Promise<Member> {
    return this.#store.read((tables) => memberIn(tables, roomId, userId))
  }

  exists(roomId: string): Promise<boolean> {
    return this.#store.read(async (tables) => (await tables.rooms.get(roomId)) !== null)
  }

  inviteCodes(roomId: string): Promise<{ role: InviteRole; code: string }[]> {
    return this.#store.read((tables) => tables.rooms.invites(roomId))
  }

  async #subordinate(tables: Tables, roomId: string, caller: Caller, userId: string): Promise<Member> {
    const member = await tables.rooms.member(roomId, userId)
    if (!member) throw new TablecastError('NOT_FOUND', 'there is no such member in this room')
    const mine = await memberIn(tables, roomId, caller.userId)
    if (rank(member.role) <= rank(mine.role))
      throw new TablecastError('FORBIDDEN', `${member.name} is ${member.role}: only someone above may change that`)
    return member
  }

  #once<T>(
    procedure: string,
    caller: Caller,
    key: string,
    work: (tables: Tables, at: string) => Promise<T>,
  ): Promise<T> {
    const at = new Date().toISOString()
    return this.#store.write((tables) =>
      answerOnce(tables, { userId: caller.userId, key, procedure, at }, () => work(tables, at)),
    )
  }
}

const rank = (role: Role) => roles.indexOf(role)

/** 144 bits. */
export const newCode = (): string => randomBytes(18).toString('base64url')

async function memberIn(tables: Tables, roomId: string, userId: string): Promise<Member> {
  const member = await tables.rooms.member(roomId, userId)
  if (!member) throw new TablecastError('NOT_A_MEMBER', 'you are no member of this room: ask the DM for an invite')
  return member
}

async function detailsOf(tables: Tables, roomId: string, userId: string): Promise<RoomDetails> {
  const me = await memberIn(tables, roomId, userId)
  const room = await tables.rooms.get(roomId)
  if (!room) throw new TablecastError('NOT_FOUND', 'there is no such room')
  const isDm = audienceOf(me.role) === 'dm'
  return {
    room,
    role: me.role,
    me,
    members: await tables.rooms.members(roomId),
    invites: isDm ? (await tables.rooms.invites(roomId)).filter(({ role }) => role !== 'owner') : [],
  }
}
