// Signing out removes everything that the browser keeps of the person.
import { storage } from '../storage.ts'

/** The browser may take its time to remove the files. The person waits for the sign-in service, not for that. */
const SIGN_OUT_TIMEOUT_MS = 3_000

/** Removes all that this browser keeps for the page. Never rejects. `token`: of the person who leaves. */
export async function clearDevice(token: string | undefined): Promise<void> {
  storage.clear()
  await Promise.allSettled([askServer(token), clearCaches(), clearDatabases()])
}

/** The answer makes the browser remove pictures and files too, which a page can't. Over plain http browsers ignore it. */
async function askServer(token: string | undefined): Promise<void> {
  if (token === undefined) return
  const headers = { authorization: `Bearer ${token}` }
  await fetch('/api/sign-out', { method: 'POST', headers, signal: AbortSignal.timeout(SIGN_OUT_TIMEOUT_MS) })
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
