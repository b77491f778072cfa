import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

type Before = {
  rooms: { id: string; access: number }
  members: { room_id: string; user_id: string; name: string; role: string; joined_at: string }
  answers: { user_id: string; key: string; procedure: string; answer: string }
  audit: { room_id: string; at: string; kind: string; actor_id: string; actor_name: string; detail: string }
}

export const migration = (): Migration => ({
  async up(db: Kysely<unknown>) {
    const before = db as Kysely<Before>
    await keepOneOwner(before)
    // Two owners can't be stored, whatever the server believes.
    await db.schema
      .createIndex('members_one_owner')
      .on('members')
      .column('room_id')
      .unique()
      .where(sql.ref('role'), '=', sql.lit('owner'))
      .execute()
    // A hash of what was asked, so that a key that is used again for something else is refused. Null: stored before there was one.
    await db.schema.alterTable('answers').addColumn('input_hash', 'text').execute()
    await forgetRoomDetails(before)
  },

  async down(db: Kysely<unknown>) {
    await db.schema.alterTable('answers').dropColumn('input_hash').execute()
    await db.schema.dropIndex('members_one_owner').execute()
  },
})

/** The one who was there first stays the owner; the others become DMs, and the room's trail says so. */
async function keepOneOwner(db: Kysely<Before>): Promise<void> {
  const owners = await db
    .selectFrom('members')
    .selectAll()
    .where('role', '=', 'owner')
    .orderBy('room_id')
    .orderBy('joined_at')
    .orderBy('user_id')
    .execute()
  const at = new Date().toISOString()
  let roomId: string | null = null
  for (const owner of owners) {
    const isFirst = owner.room_id !== roomId
    roomId = owner.room_id
    if (isFirst) continue
    await db
      .updateTable('members')
      .set({ role: 'dm' })
      .where('room_id', '=', owner.room_id)
      .where('user_id', '=', owner.user_id)
      .execute()
    await db
      .updateTable('rooms')
      .set({ access: sql<number>`access + 1` })
      .where('id', '=', owner.room_id)
      .execute()
    const detail = JSON.stringify({ userId: owner.user_id, name: owner.name, role: 'dm' })
    const by = { actor_id: 'system', actor_name: 'Tablecast' }
    await db
      .insertInto('audit')
      .values({ room_id: owner.room_id, at, kind: 'role_changed', ...by, detail })
      .execute()
  }
}

/** Answers about rooms held the whole of them, invites included. What a repeat needs is which room it was. */
async function forgetRoomDetails(db: Kysely<Before>): Promise<void> {
  const rows = await db.selectFrom('answers').selectAll().where('procedure', 'like', 'rooms.%').execute()
  for (const { user_id, key, answer } of rows) {
    const details = JSON.parse(answer) as { room?: { id?: string } } | null
    const roomId = details?.room?.id
    await db
      .updateTable('answers')
      .set({ answer: JSON.stringify(roomId === undefined ? null : { roomId }) })
      .where('user_id', '=', user_id)
      .where('key', '=', key)
      .execute()
  }
}
