// Signing out removes everything that the browser keeps of the person.
import { storage } from '../storage.ts'

/** For all of it. A browser may never answer while it removes files, and the person waits for the sign-in service, not for that. */
const TIMEOUT_MS = 4_000

/**
 * Removes all that this browser keeps for the page. It never rejects, and ends soon. `token`: of the person who leaves. `ended`: the end of
 * this device's notices, which comes first.
 */
export async function clearDevice(token: string | undefined, ended: Promise<unknown>): Promise<void> {
  storage.clear()
  const cleared = ended.then(() => Promise.allSettled([clearCaches(), clearDatabases()])).then(() => askServer(token))
  await Promise.race([cleared.catch(() => {}), new Promise((resolve) => setTimeout(resolve, TIMEOUT_MS))])
}

/** The answer makes the browser remove pictures and files too, which a page can't. Over plain http browsers ignore it. */
async function askServer(token: string | undefined): Promise<void> {
  if (token === undefined) return
  const headers = { authorization: `Bearer ${token}` }
  await fetch('/api/sign-out', { method: 'POST', headers, signal: AbortSignal.timeout(TIMEOUT_MS) })
}

async function clearCaches(): Promise<void> {
  if (!('caches' in globalThis)) return
  const names = await globalThis.caches.keys()
  await Promise.all(names.map((name) => globalThis.caches.delete(name)))
}

/** No page has one today. An older or newer version of the pages may have had. */
async function clearDatabases(): Promise<void> {
  // oxlint-disable-next-line no-restricted-properties -- a refusal ends here
  const { indexedDB } = globalThis
  for (const { name } of await indexedDB.databases()) if (name !== undefined) indexedDB.deleteDatabase(name)
}
