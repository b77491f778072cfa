import type { DiscussionMessage } from '@tablecast/contracts'
import type { Kysely, Selectable } from 'kysely'
import type { Database } from '../schema.ts'

/** `position`: counts up, with gaps. */
export type MessageRow = DiscussionMessage & { discussionId: string; position: number }

export interface Messages {
  /** `published`: whether it was sent to the market already. False when a message with that id is there. */
  insert(discussionId: string, message: DiscussionMessage, published: boolean): Promise<boolean>
  get(id: string): Promise<MessageRow | null>
  /** Newest first, those before `before`. */
  page(discussionId: string, page: { before?: number | undefined; limit: number }): Promise<MessageRow[]>
  /** Those of these ids that are there. At most 1,000 at a time. */
  known(ids: readonly string[]): Promise<string[]>
  /** Of all discussions, those after that position, by position. On PostgreSQL one with a lower position may be committed later. */
  after(position: number, limit: number): Promise<MessageRow[]>
  /** Those at these positions, by position. At most 1,000 at a time. */
  at(positions: readonly number[]): Promise<MessageRow[]>
  /** Before everything that was not published yet; the newest position where all was. */
  publishedUpTo(): Promise<number>
  /** Stored before `before` and not published yet, oldest first. */
  unpublished(before: string, limit: number): Promise<MessageRow[]>
  setPublished(ids: readonly string[]): Promise<void>
  /** Keeps the newest `keep` of each discussion. Returns how many went. */
  trim(keep: number): Promise<number>
}

export const messages = (database: Kysely<Database>): Messages => ({
  async insert(discussionId, { authorId, authorName, ...rest }, published) {
    const { numInsertedOrUpdatedRows } = await database
      .insertInto('messages')
      .values({
        ...rest,
        discussion_id: discussionId,
        author_id: authorId,
        author_name: authorName,
        told: published ? 1 : 0,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirstOrThrow()
    return Number(numInsertedOrUpdatedRows) === 1
  },

  async get(id) {
    const row = await database.selectFrom('messages').selectAll().where('id', '=', id).executeTakeFirst()
    return row ? messageOf(row) : null
  },

  async page(discussionId, { before, limit }) {
    let query = database
      .selectFrom('messages')
      .selectAll()
      .where('discussion_id', '=', discussionId)
      .orderBy('position', 'desc')
      .limit(limit)
    if (before !== undefined) query = query.where('position', '<', before)
    return (await query.execute()).map(messageOf)
  },

  async known(ids) {
    if (ids.length === 0) return []
    const rows = await database
      .selectFrom('messages')
      .select('id')
      .where('id', 'in', [...ids])
      .execute()
    return rows.map(({ id }) => id)
  },

  async after(position, limit) {
    const rows = await database
      .selectFrom('messages')
      .selectAll()
      .where('position', '>', position)
      .orderBy('position')
      .limit(limit)
      .execute()
    return rows.map(messageOf)
  },

  async at(positions) {
    if (positions.length === 0) return []
    const rows = await database
      .selectFrom('messages')
      .selectAll()
      .where('position', 'in', [...positions])
      .orderBy('position')
      .execute()
    return rows.map(messageOf)
  },

  async publishedUpTo() {
    const { oldest } = await database
      .selectFrom('messages')
      .select((all) => all.fn.min('position').as('oldest'))
      .where('told', '=', 0)
      .executeTakeFirstOrThrow()
    if (oldest !== null) return oldest - 1
    const { newest } = await database
      .selectFrom('messages')
      .select((all) => all.fn.max('position').as('newest'))
      .executeTakeFirstOrThrow()
    return newest ?? 0
  },

  async unpublished(before, limit) {
    const rows = await database
      .selectFrom('messages')
      .selectAll()
      .where('told', '=', 0)
      .where('timestamp', '<', before)
      .orderBy('position')
      .limit(limit)
      .execute()
    return rows.map(messageOf)
  },

  async setPublished(ids) {
    if (ids.length === 0) return
    await database
      .updateTable('messages')
      .set({ told: 1 })
      .where('id', 'in', [...ids])
      .execute()
  },

  async trim(keep) {
    const kept = await database.selectFrom('discussions').select('id').execute()
    let gone = 0
    for (const { id } of kept) {
      const oldest = await database
        .selectFrom('messages')
        .select('position')
        .where('discussion_id', '=', id)
        .orderBy('position', 'desc')
        .offset(keep)
        .limit(1)
        .executeTakeFirst()
      if (!oldest) continue
      const { numDeletedRows } = await database
        .deleteFrom('messages')
        .where('discussion_id', '=', id)
        .where('position', '<=', oldest.position)
        .executeTakeFirst()
      gone += Number(numDeletedRows)
    }
    return gone
  },
})

const messageOf = (row: Selectable<Database['messages']>): MessageRow => {
  const { discussion_id, author_id, author_name, told: _told, ...rest } = row
  return { ...rest, discussionId: discussion_id, authorId: author_id, authorName: author_name }
}
