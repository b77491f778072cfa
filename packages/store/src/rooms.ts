import type { Ban, Invite, InviteRole, Member, Role, Room } from '@tablecast/contracts'
import { type Kysely, type Selectable, sql } from 'kysely'
import { padded } from './padded.ts'
import type { Database } from './schema.ts'

/** `access`: the room's accessVersion, the number of changes to the list of who may read what in the room. */
export type RoomRow = Room & { access: number }
export type InviteRow = Invite & { roomId: string }

export interface Rooms {
  insert(room: Pick<Room, 'id' | 'name' | 'activeCampaignId' | 'createdAt'>): Promise<void>
  get(id: string): Promise<RoomRow | null>
  /** Locks the room's row until the transaction ends: one writer a room. */
  lock(id: string): Promise<RoomRow | null>
  /** Locks the room that the invite of this code leads to. The invite may be another one by then: read it after this. */
  lockInvitedTo(code: string): Promise<RoomRow | null>
  setLocked(id: string, locked: boolean): Promise<void>
  /** Raises and returns the room's accessVersion. Call it under the room's lock, with every change of who may read what. */
  nextAccessVersion(id: string): Promise<number>
  setActiveCampaign(id: string, campaignId: string | null): Promise<void>
  listFor(userId: string): Promise<{ room: RoomRow; role: Role }[]>
  /** The ids of all rooms of a person, without a limit. */
  idsFor(userId: string): Promise<string[]>
  listActive(): Promise<RoomRow[]>
  member(roomId: string, userId: string): Promise<Member | null>
  /** Those of them who are members, with the room's accessVersion as `access`. */
  memberships(roomId: string, userIds: readonly string[]): Promise<(Member & { access: number })[]>
  /** How many rooms they own. */
  countOwned(userId: string): Promise<number>
  /** In the order in which they joined. It reads as many rows as the room has members, which may be a crowd. */
  members(roomId: string): Promise<Member[]>
  putMember(roomId: string, member: Member): Promise<void>
  removeMember(roomId: string, userId: string): Promise<void>
  invites(roomId: string): Promise<Invite[]>
  findInvite(code: string): Promise<InviteRow | null>
  /** Replaces the room's invite of that role; nobody has used the new one. */
  putInvite(
    roomId: string,
    invite: { role: InviteRole; code: string; expiresAt?: string | null; maxUses?: number | null },
  ): Promise<void>
  countUse(code: string): Promise<void>
  removeInvite(roomId: string, role: InviteRole): Promise<void>
  bans(roomId: string): Promise<Ban[]>
  isBanned(roomId: string, userId: string): Promise<boolean>
  putBan(roomId: string, ban: Ban): Promise<void>
  removeBan(roomId: string, userId: string): Promise<void>
}

export function rooms(database: Kysely<Database>, locks: boolean): Rooms {
  const byId = (id: string) => database.selectFrom('rooms').selectAll().where('id', '=', id)
  return {
    async insert(room) {
      const { id, name, activeCampaignId, createdAt } = room
      await database
        .insertInto('rooms')
        .values({ id, name, active_campaign_id: activeCampaignId, created_at: createdAt })
        .execute()
    },

    async get(id) {
      return roomOf(await byId(id).executeTakeFirst())
    },

    async lock(id) {
      return roomOf(await (locks ? byId(id).forUpdate() : byId(id)).executeTakeFirst())
    },

    async lockInvitedTo(code) {
      const invitedTo = database
        .selectFrom('rooms')
        .selectAll()
        .where('id', '=', (inner) => inner.selectFrom('invites').select('room_id').where('code', '=', code))
      return roomOf(await (locks ? invitedTo.forUpdate() : invitedTo).executeTakeFirst())
    },

    async setActiveCampaign(id, campaignId) {
      await database.updateTable('rooms').set({ active_campaign_id: campaignId }).where('id', '=', id).execute()
    },

    async setLocked(id, locked) {
      await database
        .updateTable('rooms')
        .set({ locked: Number(locked) })
        .where('id', '=', id)
        .execute()
    },

    async nextAccessVersion(id) {
      const { access } = await database
        .updateTable('rooms')
        .set({ access: sql<number>`access + 1` })
        .where('id', '=', id)
        .returning('access')
        .executeTakeFirstOrThrow()
      return access
    },

    async listFor(userId) {
      const rows = await database
        .selectFrom('members')
        .innerJoin('rooms', 'rooms.id', 'members.room_id')
        .selectAll('rooms')
        .select('members.role')
        .where('members.user_id', '=', userId)
        .orderBy('members.joined_at', 'desc')
        .limit(200)
        .execute()
      return rows.map(({ role, ...row }) => ({ room: toRoom(row), role: role as Role }))
    },

    async idsFor(userId) {
      const rows = await database.selectFrom('members').select('room_id').where('user_id', '=', userId).execute()
      return rows.map(({ room_id: roomId }) => roomId)
    },

    async listActive() {
      const rows = await database.selectFrom('rooms').selectAll().where('active_campaign_id', 'is not', null).execute()
      return rows.map(toRoom)
    },

    async member(roomId, userId) {
      const row = await database
        .selectFrom('members')
        .selectAll()
        .where('room_id', '=', roomId)
        .where('user_id', '=', userId)
        .executeTakeFirst()
      return row ? toMember(row) : null
    },

    async memberships(roomId, userIds) {
      const rows = await database
        .selectFrom('members')
        .innerJoin('rooms', 'rooms.id', 'members.room_id')
        .selectAll('members')
        .select('rooms.access')
        .where('room_id', '=', roomId)
        .where('user_id', 'in', padded(userIds))
        .execute()
      return rows.map((row) => ({ ...toMember(row), access: row.access }))
    },

    async countOwned(userId) {
      const { count } = await database
        .selectFrom('members')
        .select((all) => all.fn.countAll().as('count'))
        .where('user_id', '=', userId)
        .where('role', '=', 'owner')
        .executeTakeFirstOrThrow()
      return Number(count)
    },

    async members(roomId) {
      const rows = await database
        .selectFrom('members')
        .selectAll()
        .where('room_id', '=', roomId)
        .orderBy('joined_at')
        .orderBy('user_id')
        .execute()
      return rows.map(toMember)
    },

    async putMember(roomId, { userId, name, role, joinedAt }) {
      await database
        .insertInto('members')
        .values({ room_id: roomId, user_id: userId, name, role, joined_at: joinedAt })
        .onConflict((conflict) => conflict.columns(['room_id', 'user_id']).doUpdateSet({ name, role }))
        .execute()
    },

    async removeMember(roomId, userId) {
      await database.deleteFrom('members').where('room_id', '=', roomId).where('user_id', '=', userId).execute()
    },

    async invites(roomId) {
      const rows = await database
        .selectFrom('invites')
        .selectAll()
        .where('room_id', '=', roomId)
        .orderBy('role')
        .execute()
      return rows.map(toInvite)
    },

    async findInvite(code) {
      const row = await database.selectFrom('invites').selectAll().where('code', '=', code).executeTakeFirst()
      return row ? { ...toInvite(row), roomId: row.room_id } : null
    },

    async putInvite(roomId, { role, code, expiresAt = null, maxUses = null }) {
      const values = { code, expires_at: expiresAt, max_uses: maxUses, uses: 0 }
      await database
        .insertInto('invites')
        .values({ room_id: roomId, role, ...values })
        .onConflict((conflict) => conflict.columns(['room_id', 'role']).doUpdateSet(values))
        .execute()
    },

    async countUse(code) {
      await database
        .updateTable('invites')
        .set({ uses: sql<number>`uses + 1` })
        .where('code', '=', code)
        .execute()
    },

    async removeInvite(roomId, role) {
      await database.deleteFrom('invites').where('room_id', '=', roomId).where('role', '=', role).execute()
    },

    async bans(roomId) {
      const rows = await database
        .selectFrom('bans')
        .select(['user_id', 'name', 'at'])
        .where('room_id', '=', roomId)
        .orderBy('at', 'desc')
        .execute()
      return rows.map(({ user_id: userId, name, at }) => ({ userId, name, at }))
    },

    async isBanned(roomId, userId) {
      const row = await database
        .selectFrom('bans')
        .select('user_id')
        .where('room_id', '=', roomId)
        .where('user_id', '=', userId)
        .executeTakeFirst()
      return row !== undefined
    },

    async putBan(roomId, { userId, name, at }) {
      await database
        .insertInto('bans')
        .values({ room_id: roomId, user_id: userId, name, at })
        .onConflict((conflict) => conflict.columns(['room_id', 'user_id']).doUpdateSet({ name, at }))
        .execute()
    },

    async removeBan(roomId, userId) {
      await database.deleteFrom('bans').where('room_id', '=', roomId).where('user_id', '=', userId).execute()
    },
  }
}

const roomOf = (row: Selectable<Database['rooms']> | undefined) => (row ? toRoom(row) : null)

const toRoom = (row: Selectable<Database['rooms']>): RoomRow => ({
  id: row.id,
  name: row.name,
  activeCampaignId: row.active_campaign_id,
  createdAt: row.created_at,
  locked: row.locked === 1,
  access: row.access,
})

const toInvite = (row: Selectable<Database['invites']>): Invite => ({
  role: row.role as InviteRole,
  code: row.code,
  expiresAt: row.expires_at,
  maxUses: row.max_uses,
  uses: row.uses,
})

const toMember = (row: Selectable<Database['members']>) => ({
  userId: row.user_id,
  name: row.name,
  role: row.role as Role,
  joinedAt: row.joined_at,
})
