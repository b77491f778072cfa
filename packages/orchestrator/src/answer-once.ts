import { TablecastError } from '@tablecast/contracts'
import type { Tables } from '@tablecast/store'

export type Asked = { userId: string; key: string; procedure: string; at: string }

/** Runs `work` once for an idempotency key; a retry gets the stored answer. Both stand in the caller's transaction. */
export async function answerOnce<T>(tables: Tables, asked: Asked, work: () => Promise<T>): Promise<T> {
  const known = await tables.answers.find(asked.userId, asked.key)
  if (known && known.procedure !== asked.procedure)
    throw new TablecastError(
      'BAD_REQUEST',
      `the key was used for ${known.procedure} before: make a new one for each call`,
    )
  // What is stored came from this same procedure.
  if (known) return known.answer as T
  const answer = await work()
  await tables.answers.put({ ...asked, answer })
  return answer
}
