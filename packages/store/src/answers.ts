import type { Kysely } from 'kysely'
import type { Database } from './schema.ts'
import type { Answers } from './store.ts'

/** Of an answer that is being worked out: nobody reads it, since it is replaced in the same transaction. */
const RESERVED = 'null'

export const answers = (database: Kysely<Database>): Answers => ({
  async reserve({ userId, key, procedure, inputHash, at }) {
    const { numInsertedOrUpdatedRows } = await database
      .insertInto('answers')
      .values({ user_id: userId, key, procedure, input_hash: inputHash, answer: RESERVED, at })
      .onConflict((conflict) => conflict.columns(['user_id', 'key']).doNothing())
      .executeTakeFirstOrThrow()
    return Number(numInsertedOrUpdatedRows) === 1
  },

  async fill(userId, key, answer) {
    await database
      .updateTable('answers')
      .set({ answer: JSON.stringify(answer ?? null) })
      .where('user_id', '=', userId)
      .where('key', '=', key)
      .execute()
  },

  async find(userId, key) {
    const row = await database
      .selectFrom('answers')
      .select(['procedure', 'input_hash', 'answer'])
      .where('user_id', '=', userId)
      .where('key', '=', key)
      .executeTakeFirst()
    if (!row) return null
    return { procedure: row.procedure, inputHash: row.input_hash, answer: JSON.parse(row.answer) as unknown }
  },

  async remove(userId, key) {
    await database.deleteFrom('answers').where('user_id', '=', userId).where('key', '=', key).execute()
  },

  async prune(before) {
    const { numDeletedRows } = await database.deleteFrom('answers').where('at', '<', before).executeTakeFirst()
    return Number(numDeletedRows)
  },
})
