import type { InviteRole, Role, Room } from '@tablecast/contracts'
import type { Kysely, Selectable } from 'kysely'
import type { Database } from './schema.ts'
import type { Rooms } from './store.ts'

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

    async setActiveCampaign(id, campaignId) {
      await database.updateTable('rooms').set({ active_campaign_id: campaignId }).where('id', '=', id).execute()
    },

    async listFor(userId) {
      const rows = await database
        .selectFrom('members')
        .innerJoin('rooms', 'rooms.id', 'members.room_id')
        .select(['rooms.id', 'rooms.name', 'rooms.active_campaign_id', 'rooms.created_at', 'members.role'])
        .where('members.user_id', '=', userId)
        .orderBy('members.joined_at', 'desc')
        .limit(200)
        .execute()
      return rows.map(({ role, ...row }) => ({ room: toRoom(row), role: role as Role }))
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
      return rows.map(({ role, code }) => ({ role: role as InviteRole, code }))
    },

    async findInvite(code) {
      const row = await database.selectFrom('invites').selectAll().where('code', '=', code).executeTakeFirst()
      return row ? { roomId: row.room_id, role: row.role as InviteRole } : null
    },

    async putInvite(roomId, role, code) {
      await database
        .insertInto('invites')
        .values({ room_id: roomId, role, code })
        .onConflict((conflict) => conflict.columns(['room_id', 'role']).doUpdateSet({ code }))
        .execute()
    },

    async removeInvite(roomId, role) {
      await database.deleteFrom('invites').where('room_id', '=', roomId).where('role', '=', role).execute()
    },
  }
}

const roomOf = (row: Selectable<Database['rooms']> | undefined) => (row ? toRoom(row) : null)

const toRoom = (row: Selectable<Database['rooms']>): Room => ({
  id: row.id,
  name: row.name,
  activeCampaignId: row.active_campaign_id,
  createdAt: row.created_at,
})

const toMember = (row: Selectable<Database['members']>) => ({
  userId: row.user_id,
  name: row.name,
  role: row.role as Role,
  joinedAt: row.joined_at,
})
