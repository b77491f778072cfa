import { setImmediate as turn } from 'node:timers/promises'
import { ROOM_STREAMS } from '@tablecast/contracts'
import type { Store } from '@tablecast/store'

const HOUR_MS = 60 * 60_000
const KEEP_MS = 24 * HOUR_MS
const KEEP_EVENTS = 10_000
const KEEP_ANSWERS_MS = 7 * 24 * HOUR_MS

/** Streams are replay buffers: what is older is dropped, and whoever comes from before gets a snapshot. Returns how many rows of each went. */
export async function prune(
  store: Store,
  { auditDays }: { auditDays: number },
): Promise<{ events: number; answers: number }> {
  const ago = (ms: number) => new Date(Date.now() - ms).toISOString()
  await pruneImports(store)
  return store.write(async ({ streams, answers, tickets, audit }) => {
    const events = await streams.prune({ prefix: ROOM_STREAMS, before: ago(KEEP_MS), keep: KEEP_EVENTS })
    const answered = await answers.prune(ago(KEEP_ANSWERS_MS))
    await tickets.prune()
    await audit.prune(ago(auditDays * 24 * HOUR_MS))
    return { events, answers: answered }
  })
}

/** What is left of imports that a server did not live to see the end of. */
async function pruneImports(store: Store): Promise<void> {
  const before = new Date(Date.now() - HOUR_MS).toISOString()
  for (const id of await store.read(({ campaigns }) => campaigns.arrivingBefore(before)))
    while (!(await store.write(({ campaigns }) => campaigns.discardArriving(id)))) await turn()
}

export function startPruning(
  store: Store,
  limits: { auditDays: number },
  failed: (error: unknown) => void,
): Disposable {
  const timer = setInterval(() => void prune(store, limits).catch(failed), HOUR_MS)
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
