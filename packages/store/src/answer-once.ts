// A call is carried out once for its idempotency key, also when many repeats arrive at the same time.
import { createHash } from 'node:crypto'
import { canonicalJson, TablecastError } from '@tablecast/contracts'
import type { Answers } from './answers.ts'

/** `input`: the whole input without the key. Its hash is stored. */
export type Call = { userId: string; key: string; procedure: string; input: unknown; at: string }

/**
 * Runs `work` once for the caller's key. A repeat gets the stored answer. Call it in the transaction of the change, after the check of
 * the caller's right and before everything else.
 *
 * Throws CONFLICT when the key was used for another input, BAD_REQUEST when it was used for another procedure.
 */
export async function answerOnce<T>(answers: Answers, call: Call, work: () => Promise<T>): Promise<T> {
  const { userId, key, procedure, at } = call
  const inputHash = createHash('sha256').update(canonicalJson(call.input)).digest('base64url')
  // On PostgreSQL a repeat waits here for the end of the first transaction.
  if (await answers.reserve({ userId, key, procedure, inputHash, at })) {
    const answer = await work()
    await answers.fill(userId, key, answer)
    return answer
  }
  const known = await answers.find(userId, key)
  if (!known) throw new TablecastError('UNAVAILABLE', 'The answer to this key has just been forgotten: try again.')
  if (known.procedure !== procedure)
    throw new TablecastError(
      'BAD_REQUEST',
      `The key was used for ${known.procedure} before: make a new one for each call.`,
    )
  if (known.inputHash !== null && known.inputHash !== inputHash)
    throw new TablecastError('CONFLICT', 'The key was used for another request before: make a new one for each call.')
  // Stored by this same procedure.
  return known.answer as T
}

/** A name of at most 64 characters for the row that a call makes. A repeat gets the same name, and another key another one. */
export const derivedId = (prefix: string, ...parts: readonly string[]): string =>
  `${prefix}-${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 32)}`
