import { ScreenShow, type ScreenLink } from '@tablecast/contracts'
import type { Kysely, Selectable } from 'kysely'
import type { Database } from './schema.ts'

/** `hash`: of the token, in hex. */
export type ScreenLinkRow = ScreenLink & { roomId: string; hash: string }

export interface Screens {
  insert(link: Omit<ScreenLinkRow, 'lastUsedAt'>): Promise<void>
  /** The newest first. */
  list(roomId: string): Promise<ScreenLinkRow[]>
  count(roomId: string): Promise<number>
  find(hash: string): Promise<ScreenLinkRow | null>
  get(roomId: string, id: string): Promise<ScreenLinkRow | null>
  remove(roomId: string, id: string): Promise<void>
  /** Notes the use, unless one after `since` is noted already. */
  use(id: string, at: string, since: string): Promise<void>
  show(roomId: string): Promise<ScreenShow>
  setShow(roomId: string, show: ScreenShow): Promise<void>
}

export function screens(database: Kysely<Database>): Screens {
  const links = () => database.selectFrom('screen_links').selectAll()
  return {
    async insert({ id, roomId, hash, kind, name, createdBy, createdAt }) {
      await database
        .insertInto('screen_links')
        .values({ id, room_id: roomId, hash, kind, name, created_by: createdBy, created_at: createdAt })
        .execute()
    },

    async list(roomId) {
      const rows = await links().where('room_id', '=', roomId).orderBy('created_at', 'desc').orderBy('id').execute()
      return rows.map(toLink)
    },

    async count(roomId) {
      const { count } = await database
        .selectFrom('screen_links')
        .select((all) => all.fn.countAll().as('count'))
        .where('room_id', '=', roomId)
        .executeTakeFirstOrThrow()
      return Number(count)
    },

    async find(hash) {
      return linkOf(await links().where('hash', '=', hash).executeTakeFirst())
    },

    async get(roomId, id) {
      return linkOf(await links().where('room_id', '=', roomId).where('id', '=', id).executeTakeFirst())
    },

    async remove(roomId, id) {
      await database.deleteFrom('screen_links').where('room_id', '=', roomId).where('id', '=', id).execute()
    },

    async use(id, at, since) {
      await database
        .updateTable('screen_links')
        .set({ last_used_at: at })
        .where('id', '=', id)
        .where((used) => used.or([used('last_used_at', 'is', null), used('last_used_at', '<', since)]))
        .execute()
    },

    async show(roomId) {
      const row = await database
        .selectFrom('screen_shows')
        .select('show')
        .where('room_id', '=', roomId)
        .executeTakeFirst()
      // A newer version may know more of them.
      return ScreenShow.safeParse(row?.show).data ?? 'auto'
    },

    async setShow(roomId, show) {
      await database
        .insertInto('screen_shows')
        .values({ room_id: roomId, show })
        .onConflict((conflict) => conflict.column('room_id').doUpdateSet({ show }))
        .execute()
    },
  }
}

const linkOf = (row: Selectable<Database['screen_links']> | undefined) => (row ? toLink(row) : null)

const toLink = (row: Selectable<Database['screen_links']>): ScreenLinkRow => ({
  id: row.id,
  roomId: row.room_id,
  hash: row.hash,
  kind: row.kind === 'overlay' ? 'overlay' : 'tv',
  name: row.name,
  createdBy: row.created_by,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
})
