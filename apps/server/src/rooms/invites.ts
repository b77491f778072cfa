// Invites, and the people who join by them.
import { audienceOf, type InviteRole, type Member, type RoomDetails, TablecastError } from '@tablecast/contracts'
import type { ChangeRequest } from '@tablecast/orchestrator'
import type { InviteRow, Repositories, RoomRow, Store, TransactionOptions } from '@tablecast/store'
import type { Audit } from './audit.ts'
import { changeAsUser, type KeyedInput } from './change-as-user.ts'
import { newCode } from './invite-code.ts'
import type { Person } from './members.ts'
import { rank } from './rank.ts'
import type { AccessChange } from './room-access.ts'
import type { RoomCensus, RoomCensuses } from './room-census.ts'
import type { RoomChanges } from './room-changes.ts'
import { detailsFor, roomDetails } from './room-details.ts'

/** `census`: the room's after this, if it is known. */
type Entered = { me: Member; changes: AccessChange[]; census: RoomCensus | null }

export type InvitesDeps = {
  store: Store
  audit: Audit
  changes: RoomChanges
  censuses: RoomCensuses
  maxMembers: number
  /** Called after the commit. */
  changed(change: AccessChange): void
}

export class Invites {
  readonly #deps: InvitesDeps

  constructor(deps: InvitesDeps) {
    this.#deps = deps
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
      /** Empty for a repeat. */
      const now: { entered?: Entered & { room: RoomRow } } = {}
      const { roomId } = await changeAsUser(tables, 'rooms.join', newcomer.userId, keyedInput, async (at) => {
        const room = await tables.rooms.lockInvitedTo(code)
        invitedTo = room?.id ?? null
        // Read under the lock: two people who join at once must not both take the last use.
        const invite = room && (await tables.rooms.findInvite(code))
        if (!invite || invite.roomId !== room.id || !isUsable(invite, at)) throw inviteNotFound()
        now.entered = { room, ...(await this.#enter(tables, room, invite, newcomer, at)) }
        changes.push(...now.entered.changes)
        census = now.entered.census
        return { roomId: room.id }
      })
      const details = await (now.entered
        ? detailsFor(tables, now.entered.room, now.entered.me)
        : repeated(tables, roomId, newcomer.userId))
      // Nothing of this join can fail after it but the commit. Joins that share that commit need it now.
      if (census) this.#deps.censuses.keep(roomId, census)
      return details
    }
    const details = await this.#deps.store.write(join, { deadline }).catch((error: unknown) => {
      if (census && invitedTo) this.#deps.censuses.forget(invitedTo)
      if (invitedTo && error instanceof TablecastError)
        this.#deps.audit.refused(invitedTo, newcomer, 'rooms.join', error.code)
      throw error
    })
    for (const change of changes) this.#deps.changed(change)
    return details
  }

  rotate(
    request: ChangeRequest & {
      role: InviteRole
      expiresInHours?: number | null | undefined
      maxUses?: number | null | undefined
    },
  ): Promise<RoomDetails> {
    const { roomId, role, expiresInHours, maxUses = null } = request
    return this.#deps.changes.makeAndShow('rooms.rotateInvite', request, async ({ tables, at }) => {
      const expiresAt = expiresInHours ? new Date(Date.parse(at) + expiresInHours * 3_600_000).toISOString() : null
      await tables.rooms.putInvite(roomId, { role, code: newCode(), expiresAt, maxUses })
      return { changes: [], audited: { kind: 'invite_rotated', detail: { role } } }
    })
  }

  revoke(request: ChangeRequest & { role: InviteRole }): Promise<RoomDetails> {
    const { roomId, role } = request
    return this.#deps.changes.makeAndShow('rooms.revokeInvite', request, async ({ tables }) => {
      await tables.rooms.removeInvite(roomId, role)
      return { changes: [], audited: { kind: 'invite_revoked', detail: { role } } }
    })
  }

  /** The name of the room that this invite lets newcomers into. Throws INVITE_NOT_FOUND. */
  roomNameOf(code: string): Promise<string> {
    return this.#deps.store.read(async (tables) => {
      const invite = await tables.rooms.findInvite(code)
      const room = isUsable(invite, new Date().toISOString()) && invite ? await tables.rooms.get(invite.roomId) : null
      if (!room) throw inviteNotFound()
      return room.name
    })
  }

  codes(roomId: string): Promise<{ role: InviteRole; code: string }[]> {
    return this.#deps.store.read((tables) => tables.rooms.invites(roomId))
  }

  /** Makes the person a member, or raises a member's role. `changes` and `census` count after the commit. */
  async #enter(tables: Repositories, room: RoomRow, invite: InviteRow, person: Person, at: string): Promise<Entered> {
    if (await tables.rooms.isBanned(room.id, person.userId)) throw banned()
    const known = await tables.rooms.member(room.id, person.userId)
    const census = await this.#deps.censuses.of(tables.rooms, room)
    if (!known) this.#assertHasPlace(room, census)
    const role = known && rank(known.role) < rank(invite.role) ? known.role : invite.role
    const changes = role === 'owner' ? await this.#demoteOwner(tables, room.id, person) : []
    const name = census.shownName(person)
    const me = { userId: person.userId, name, role, joinedAt: known?.joinedAt ?? at }
    await tables.rooms.putMember(room.id, me)
    if (invite.role === 'owner') await tables.rooms.removeInvite(room.id, 'owner')
    else if (!known) await tables.rooms.countUse(invite.code)
    // A member who joins again by the same link keeps the streams that are open in other tabs.
    if (known?.role === role && known.name === name) return { me, changes, census: null }
    const access = await tables.rooms.nextAccessVersion(room.id)
    if (known?.role === role) return { me, changes, census: null }
    await this.#deps.audit.note(tables, { roomId: room.id, kind: 'joined', by: person, detail: { role } })
    const joined = !known
    return {
      me,
      changes: [...changes, { roomId: room.id, userId: person.userId, role, access, joined }],
      census: joined && audienceOf(role) !== 'dm' ? census.withOneMore(access) : null,
    }
  }

  /** A room has one owner. When the operator's link brings a new one, the owner before becomes a DM. */
  async #demoteOwner(tables: Repositories, roomId: string, heir: Person): Promise<AccessChange[]> {
    const before = (await tables.rooms.members(roomId)).find(({ role }) => role === 'owner')
    if (!before || before.userId === heir.userId) return []
    await tables.rooms.putMember(roomId, { ...before, role: 'dm' })
    const { userId, name } = before
    await this.#deps.audit.note(tables, {
      roomId,
      kind: 'role_changed',
      by: heir,
      detail: { userId, name, role: 'dm' },
    })
    return [{ roomId, userId, role: 'dm', access: await tables.rooms.nextAccessVersion(roomId) }]
  }

  /** Throws ROOM_LOCKED, ROOM_FULL. */
  #assertHasPlace(room: RoomRow, census: RoomCensus): void {
    if (room.locked) throw new TablecastError('ROOM_LOCKED', 'The table is locked: ask the DM to let you in.')
    if (census.count >= this.#deps.maxMembers)
      throw new TablecastError('ROOM_FULL', `This table is full (${this.#deps.maxMembers}). Ask the DM to make room.`)
  }
}

/** A repeat by someone who was banned or removed since then must not show the room. */
async function repeated(tables: Repositories, roomId: string, userId: string): Promise<RoomDetails> {
  if (await tables.rooms.isBanned(roomId, userId)) throw banned()
  return roomDetails(tables, roomId, userId)
}

const banned = () =>
  new TablecastError('BANNED', 'The DM has banned you from this table. Only the DM can let you back in.')

const inviteNotFound = () =>
  new TablecastError('INVITE_NOT_FOUND', 'This invite is not valid any more: ask the DM for a new one.')

const isUsable = (invite: InviteRow | null, at: string): boolean =>
  invite !== null &&
  (invite.expiresAt === null || invite.expiresAt > at) &&
  (invite.maxUses === null || invite.uses < invite.maxUses)
