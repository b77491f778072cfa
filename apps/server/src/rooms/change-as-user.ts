import { TablecastError } from '@tablecast/contracts'
import { answerOnce, type Repositories } from '@tablecast/store'

/** `input`: the whole input without the key. */
export type KeyedInput = { key: string; input: unknown }

/**
 * Runs a change that any user may make, once for each idempotency key, in the caller's transaction. It holds a lock on the user, so
 * that counts of what the user owns (rooms, keys) stay true, and a guest who has got an account changes nothing more.
 *
 * Throws UNAUTHORIZED, CONFLICT for a key that was used for another request, and like `work`.
 */
export async function changeAsUser<T>(
  tables: Repositories,
  procedure: string,
  userId: string,
  { key, input }: KeyedInput,
  work: (at: string) => Promise<T>,
): Promise<T> {
  await lockUser(tables, userId)
  const at = new Date().toISOString()
  return answerOnce(tables.answers, { userId, key, procedure, input, at }, () => work(at))
}

/** The same for a caller that may have no user (a program without a token) or no key. Without a user it holds no lock. */
export async function changeAsCaller<T>(
  tables: Repositories,
  procedure: string,
  userId: string | null,
  key: string | null,
  input: unknown,
  work: (at: string) => Promise<T>,
): Promise<T> {
  if (userId !== null && key !== null) return changeAsUser(tables, procedure, userId, { key, input }, work)
  if (userId !== null) await lockUser(tables, userId)
  return work(new Date().toISOString())
}

/** Locks the user until the transaction ends. Throws UNAUTHORIZED for a guest who has got an account. */
export async function lockUser({ locks, users }: Repositories, userId: string): Promise<void> {
  await locks.hold(`user:${userId}`)
  const row = await users.get(userId)
  if (row?.mergedInto) throw new TablecastError('UNAUTHORIZED', 'You have an account now: sign in with it.')
}
