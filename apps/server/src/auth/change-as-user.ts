import { TablecastError } from '@tablecast/contracts'
import { answerOnce, type Repositories } from '@tablecast/store'

/** `input`: all that was asked, without the key. */
export type Once = { key: string; input: unknown }

/**
 * A change by somebody who needs no right but to be a user, once for their key. In the caller's transaction, under a lock on
 * the user, so that what is counted of theirs (rooms, keys) stays true, and a guest who has become somebody else changes nothing more.
 *
 * Throws UNAUTHORIZED, CONFLICT for a key that was used for another request, and like `work`.
 */
export async function changeAsUser<T>(
  tables: Repositories,
  procedure: string,
  userId: string,
  { key, input }: Once,
  work: (at: string) => Promise<T>,
): Promise<T> {
  await holdUser(tables, userId)
  const at = new Date().toISOString()
  return answerOnce(tables.answers, { userId, key, procedure, input, at }, () => work(at))
}

/** The same where programs are let in without a token, and where a call may have no key. */
export async function onceBy<T>(
  tables: Repositories,
  procedure: string,
  userId: string | null,
  key: string | null,
  input: unknown,
  work: (at: string) => Promise<T>,
): Promise<T> {
  if (userId !== null && key !== null) return changeAsUser(tables, procedure, userId, { key, input }, work)
  if (userId !== null) await holdUser(tables, userId)
  return work(new Date().toISOString())
}

/** Keeps the user as they are until the transaction ends. Throws UNAUTHORIZED for a guest who has become another user. */
export async function holdUser({ locks, users }: Repositories, userId: string): Promise<void> {
  await locks.hold(`user:${userId}`)
  const row = await users.get(userId)
  if (row?.mergedInto) throw new TablecastError('UNAUTHORIZED', 'you have an account now: sign in with it')
}
