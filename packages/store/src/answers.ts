import type { Kysely } from 'kysely'
import type { Database } from './schema.ts'
import type { Answers } from './store.ts'

export const answers = (database: Kysely<Database>): Answers => ({
  async find(userId, key) {
    const row = await database
      .selectFrom('answers')
      .select(['procedure', 'answer'])
      .where('user_id', '=', userId)
      .where('key', '=', key)
      .executeTakeFirst()
    return row ? { procedure: row.procedure, answer: JSON.parse(row.answer) as unknown } : null
  },

  async put({ userId, key, procedure, answer, at }) {
    await database
      .insertInto('answers')
      .values({ user_id: userId, key, procedure, answer: JSON.stringify(answer ?? null), at })
      .execute()
  },

  async remove(userId, key) {
    await database.deleteFrom('answers').where('user_id', '=', userId).where('key', '=', key).execute()
  },

  async prune(before) {
    const { numDeletedRows } = await database.deleteFrom('answers').where('at', '<', before).executeTakeFirst()
    return Number(numDeletedRows)
  },
})
