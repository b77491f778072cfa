import { randomUUID } from 'node:crypto'
import type { Repositories, Store } from '@tablecast/store'

const KEEPING = 'pictures-kept:'
/** A backup that was killed stops the cleaning no longer than this. */
const KEPT_MS = 12 * 60 * 60_000

/**
 * Nobody removes a picture until this is disposed: a backup that has begun finds all that it names. Several may keep them at a time.
 * Needs a connection of its own, because a backup reads in one long transaction.
 */
export async function keepPictures(store: Pick<Store, 'write'>): Promise<AsyncDisposable> {
  const name = `${KEEPING}${randomUUID()}`
  await store.write(async ({ locks, leases }) => {
    await locks.hold('picture-content')
    await leases.take(name, name, KEPT_MS)
  })
  return { [Symbol.asyncDispose]: () => store.write(({ leases }) => leases.release(name, name)) }
}

/** Asked in the transaction that removes pictures. A backup that begins later waits for its end, and then names none of them. */
export async function arePicturesKept({ locks, leases }: Repositories): Promise<boolean> {
  await locks.hold('picture-content')
  return leases.isHeld(KEEPING)
}
