import { createHash } from 'node:crypto'
import type { PushKind } from '@tablecast/contracts'
import type { Kysely, Selectable } from 'kysely'
import type { Database } from './schema.ts'

/** A device that gets notices. `endpoint`, `p256dh`, `auth`: as the browser gave them; they are secrets of the device. */
export type PushDeviceRow = {
  id: string
  userId: string
  name: string
  endpoint: string
  p256dh: string
  auth: string
  turn: boolean
  opens: boolean
  createdAt: string
  lastSentAt: string | null
}
/** In base64url: a point on the curve P-256, and its private key. */
export type PushKeys = { publicKey: string; privateKey: string }

export interface PushDeviceRecords {
  keys(): Promise<PushKeys | null>
  /** Leaves the keys that are there already. */
  addKeys(keys: PushKeys, at: string): Promise<void>
  find(id: string): Promise<PushDeviceRow | null>
  /** The oldest first. */
  list(userId: string): Promise<PushDeviceRow[]>
  /** Inserts it, or replaces the device of the same address, also one of another person. */
  put(device: Omit<PushDeviceRow, 'lastSentAt'>): Promise<void>
  remove(userId: string, id: string): Promise<void>
  /** The device no longer exists at its push service. */
  forget(id: string): Promise<void>
  move(fromUserId: string, toUserId: string): Promise<void>
  /** A push service took a notice for it. */
  sent(id: string, at: string): Promise<void>
  /** A device that gets notices of this kind, if its person is a member of the room. */
  wanting(kind: PushKind, roomId: string, id: string): Promise<PushDeviceRow | null>
  /** The devices of members of the room that get notices of this kind: of one person, or, for null, of all in the order of the ids after `after`. */
  idsWanting(
    kind: PushKind,
    roomId: string,
    which: { userId: string | null; after: string; limit: number },
  ): Promise<{ id: string; userId: string }[]>
  count(): Promise<number>
  /** Deletes the devices that were added and last got a notice before this. */
  prune(before: string): Promise<void>
}

const KEYS_ID = 'vapid'

/** The same address always gives the same id, and nobody finds the address by it. */
export const pushDeviceId = (endpoint: string): string => createHash('sha256').update(endpoint).digest('base64url')

export function pushDevices(database: Kysely<Database>): PushDeviceRecords {
  const devices = () => database.selectFrom('push_devices').selectAll('push_devices')
  return {
    async keys() {
      const row = await database.selectFrom('push_keys').selectAll().where('id', '=', KEYS_ID).executeTakeFirst()
      return row ? { publicKey: row.public_key, privateKey: row.private_key } : null
    },

    async addKeys({ publicKey, privateKey }, at) {
      await database
        .insertInto('push_keys')
        .values({ id: KEYS_ID, public_key: publicKey, private_key: privateKey, created_at: at })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute()
    },

    async find(id) {
      return deviceOf(await devices().where('id', '=', id).executeTakeFirst())
    },

    async list(userId) {
      const rows = await devices().where('user_id', '=', userId).orderBy('created_at').orderBy('id').execute()
      return rows.map(toDevice)
    },

    async put({ id, userId, name, endpoint, p256dh, auth, turn, opens, createdAt }) {
      const changing = { user_id: userId, name, p256dh, auth, turn: Number(turn), opens: Number(opens) }
      await database
        .insertInto('push_devices')
        .values({ id, endpoint, ...changing, created_at: createdAt })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(changing))
        .execute()
    },

    async remove(userId, id) {
      await database.deleteFrom('push_devices').where('user_id', '=', userId).where('id', '=', id).execute()
    },

    async forget(id) {
      await database.deleteFrom('push_devices').where('id', '=', id).execute()
    },

    async move(fromUserId, toUserId) {
      await database.updateTable('push_devices').set({ user_id: toUserId }).where('user_id', '=', fromUserId).execute()
    },

    async sent(id, at) {
      await database.updateTable('push_devices').set({ last_sent_at: at }).where('id', '=', id).execute()
    },

    async wanting(kind, roomId, id) {
      const row = await devices()
        .innerJoin('members', 'members.user_id', 'push_devices.user_id')
        .where('members.room_id', '=', roomId)
        .where('push_devices.id', '=', id)
        .where(`push_devices.${kind}`, '=', 1)
        .executeTakeFirst()
      return deviceOf(row)
    },

    async idsWanting(kind, roomId, { userId, after, limit }) {
      const query = database
        .selectFrom('push_devices')
        .innerJoin('members', 'members.user_id', 'push_devices.user_id')
        .select(['push_devices.id as id', 'push_devices.user_id as userId'])
        .where('members.room_id', '=', roomId)
        .where(`push_devices.${kind}`, '=', 1)
        .where('push_devices.id', '>', after)
        .orderBy('push_devices.id')
        .limit(limit)
      return (userId === null ? query : query.where('push_devices.user_id', '=', userId)).execute()
    },

    async count() {
      const { count } = await database
        .selectFrom('push_devices')
        .select((all) => all.fn.countAll().as('count'))
        .executeTakeFirstOrThrow()
      return Number(count)
    },

    async prune(before) {
      await database
        .deleteFrom('push_devices')
        .where('created_at', '<', before)
        .where((sent) => sent.or([sent('last_sent_at', 'is', null), sent('last_sent_at', '<', before)]))
        .execute()
    },
  }
}

const deviceOf = (row: Selectable<Database['push_devices']> | undefined) => (row ? toDevice(row) : null)

const toDevice = (row: Selectable<Database['push_devices']>): PushDeviceRow => ({
  id: row.id,
  userId: row.user_id,
  name: row.name,
  endpoint: row.endpoint,
  p256dh: row.p256dh,
  auth: row.auth,
  turn: row.turn === 1,
  opens: row.opens === 1,
  createdAt: row.created_at,
  lastSentAt: row.last_sent_at,
})
