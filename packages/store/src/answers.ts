import type { Kysely } from 'kysely'
import type { Database } from './schema.ts'

/** Answers already given, by user and idempotency key: see `answerOnce`, which alone uses them. */
export interface Answers {
  /** Reserves the key in this transaction. False if it is taken. Waits for another transaction that has just reserved it. */
  reserve(row: { userId: string; key: string; procedure: string; inputHash: string; at: string }): Promise<boolean>
  /** The answer to a reserved key. */
  fill(userId: string, key: string, answer: unknown): Promise<void>
  /** `inputHash`: null for an answer of a version that stored no hashes. */
  find(userId: string, key: string): Promise<{ procedure: string; inputHash: string | null; answer: unknown } | null>
  /** Removes an answer that was stored in advance for work that then failed. */
  remove(userId: string, key: string): Promise<void>
  prune(before: string): Promise<number>
}

/** The placeholder of a reserved key. The same transaction replaces it, so no other one reads it. */
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
