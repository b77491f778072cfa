// The members of a room: how they leave, are removed, and get another role or name.
import { type Member, type Role, type RoomDetails, TablecastError } from '@tablecast/contracts'
import type { ChangeRequest, RoomChange } from '@tablecast/orchestrator'
import type { Repositories, Store } from '@tablecast/store'
import type { Audit } from './audit.ts'
import { rank } from './rank.ts'
import type { AccessChange } from './room-access.ts'
import { censusOf, type RoomCensuses } from './room-census.ts'
import type { RoomChanges } from './room-changes.ts'
import { memberIn } from './room-details.ts'

export type Person = { userId: string; name: string }
type OfMember = ChangeRequest & { userId: string }

export type MembersDeps = {
  store: Store
  audit: Audit
  changes: RoomChanges
  censuses: RoomCensuses
  /** Called after the commit. */
  changed(change: AccessChange): void
}

export class Members {
  readonly #deps: MembersDeps

  constructor(deps: MembersDeps) {
    this.#deps = deps
  }

  async leave(request: ChangeRequest): Promise<{ ok: true }> {
    const { roomId, caller } = request
    await this.#deps.changes.make('rooms.leave', { ...request, endsOwnRight: true }, async ({ tables }) => {
      const member = await memberIn(tables, roomId, caller.userId)
      if (member.role === 'owner')
        throw new TablecastError('CONFLICT', 'The owner can not leave the table. Hand it over first.')
      await tables.rooms.removeMember(roomId, caller.userId)
      return {
        changes: [{ userId: caller.userId, was: member.role, role: null }],
        audited: { kind: 'left', detail: {} },
        answer: null,
      }
    })
    return { ok: true }
  }

  /** Removes a member before the next event. An invite still lets them in again: to prevent that, ban them or make a new link. */
  kick(request: OfMember): Promise<RoomDetails> {
    const { roomId, userId } = request
    return this.#deps.changes.makeAndShow('rooms.kick', request, async ({ tables }) => {
      const { name, role: was } = await subordinate(tables, request, userId)
      await tables.rooms.removeMember(roomId, userId)
      return { changes: [{ userId, was, role: null }], audited: { kind: 'kicked', detail: { userId, name } } }
    })
  }

  /** Like `kick`, and the member can't join again. */
  ban(request: OfMember): Promise<RoomDetails> {
    const { roomId, userId } = request
    return this.#deps.changes.makeAndShow('rooms.ban', request, async ({ tables, at }) => {
      const { name, role: was } = await subordinate(tables, request, userId)
      await tables.rooms.removeMember(roomId, userId)
      await tables.rooms.putBan(roomId, { userId, name, at })
      return { changes: [{ userId, was, role: null }], audited: { kind: 'banned', detail: { userId, name } } }
    })
  }

  unban(request: OfMember): Promise<RoomDetails> {
    const { roomId, userId } = request
    return this.#deps.changes.makeAndShow('rooms.unban', request, async ({ tables }) => {
      const ban = (await tables.rooms.bans(roomId)).find((known) => known.userId === userId)
      if (!ban)
        throw new TablecastError('NOT_FOUND', 'This person is not banned here. They can come back by an invite link.')
      await tables.rooms.removeBan(roomId, userId)
      return { changes: [], audited: { kind: 'unbanned', detail: { userId, name: ban.name } } }
    })
  }

  setRole(request: ChangeRequest & { userId: string; role: Role }): Promise<RoomDetails> {
    const { roomId, userId, role } = request
    return this.#deps.changes.makeAndShow('rooms.setRole', request, async ({ tables }) => {
      const member = await subordinate(tables, request, userId)
      await tables.rooms.putMember(roomId, { ...member, role })
      const { name, role: was } = member
      return { changes: [{ userId, was, role }], audited: { kind: 'role_changed', detail: { userId, name, role } } }
    })
  }

  /** Makes another member the owner. The owner before becomes a co-DM. */
  handOver(request: OfMember): Promise<RoomDetails> {
    const { roomId, caller, userId } = request
    return this.#deps.changes.makeAndShow('rooms.handOver', { ...request, endsOwnRight: true }, async ({ tables }) => {
      const heir = await subordinate(tables, request, userId)
      const mine = await memberIn(tables, roomId, caller.userId)
      // In this order, because the database refuses two owners at any moment.
      await tables.rooms.putMember(roomId, { ...mine, role: 'dm' })
      await tables.rooms.putMember(roomId, { ...heir, role: 'owner' })
      return {
        changes: [
          { userId, was: heir.role, role: 'owner' },
          { userId: caller.userId, was: mine.role, role: 'dm' },
        ],
        audited: { kind: 'handed_over', detail: { userId, name: heir.name } },
      }
    })
  }

  /**
   * Gives the membership of a guest to the user whose account the guest got. Call it under the room's lock, and publish the returned
   * change after the commit. Null if the guest was not a member.
   */
  async move({ tables, room }: RoomChange, from: Person, to: Person): Promise<AccessChange | null> {
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
    for (const roomId of await this.#deps.store.read(({ rooms }) => rooms.idsFor(person.userId))) {
      const change = await this.#deps.store.write((tables) => this.#rename(tables, roomId, person))
      if (change) this.#deps.changed(change)
    }
  }

  /** Null where nothing changes. The change ends the person's streams, and those that they open again have the new name. */
  async #rename(tables: Repositories, roomId: string, person: Person): Promise<AccessChange | null> {
    const room = await tables.rooms.lock(roomId)
    const member = await tables.rooms.member(roomId, person.userId)
    if (!room || !member) return null
    const name = (await this.#deps.censuses.of(tables.rooms, room)).shownName(person)
    if (name === member.name) return null
    await tables.rooms.putMember(roomId, { ...member, name })
    const by = { userId: person.userId, name }
    await this.#deps.audit.note(tables, { roomId, kind: 'renamed', by, detail: { name: member.name } })
    const access = await tables.rooms.nextAccessVersion(roomId)
    return { roomId, userId: person.userId, role: member.role, access }
  }
}

/** A member with a lower role than the caller. Throws NOT_FOUND, FORBIDDEN. */
async function subordinate(tables: Repositories, { roomId, caller }: ChangeRequest, userId: string): Promise<Member> {
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
