import type { Kysely } from 'kysely'
import type { Database } from './schema.ts'

/** Answers already given, by user and idempotency key: see `answerOnce`, which alone uses them. */
export interface Answers {
  /** Takes the key in this transaction. False when it is taken; waits for another transaction that has just taken it. */
  reserve(row: { userId: string; key: string; procedure: string; inputHash: string; at: string }): Promise<boolean>
  /** The answer to a reserved key. */
  fill(userId: string, key: string, answer: unknown): Promise<void>
  /** `inputHash`: null for an answer that was stored before there were any. */
  find(userId: string, key: string): Promise<{ procedure: string; inputHash: string | null; answer: unknown } | null>
  /** For an answer that was given in advance and did not come true. */
  remove(userId: string, key: string): Promise<void>
  prune(before: string): Promise<number>
}

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
