import { setImmediate as turn } from 'node:timers/promises'
import { ROOM_STREAMS } from '@tablecast/contracts'
import type { MediaStore } from '@tablecast/media'
import type { Store } from '@tablecast/store'
import { cleanPictures } from './pictures/cleaning.ts'

const HOUR_MS = 60 * 60_000
const EVENTS_MAX_AGE_MS = 24 * HOUR_MS
const EVENTS_KEPT = 10_000
/** As long as a DM can restore a deleted campaign. */
const DELETED_CAMPAIGNS_KEPT_MS = 30 * 24 * HOUR_MS
/** A device that got no notice for half a year. */
const SILENT_DEVICES_KEPT_MS = 183 * 24 * HOUR_MS
const ANSWERS_MAX_AGE_MS = 7 * 24 * HOUR_MS

/**
 * Deletes old events, answers, tickets, audit events, abandoned imports, devices that got no notice for long, and campaigns 30 days after their deletion. A client whose position is older than the events that
 * are left gets a snapshot. Removes pictures after 30 days in which nothing named them. Returns the numbers of deleted rows.
 */
export async function prune(
  store: Store,
  media: MediaStore,
  { auditDays }: { auditDays: number },
): Promise<{ events: number; answers: number; campaigns: number; pictures: number }> {
  const ago = (ms: number) => new Date(Date.now() - ms).toISOString()
  const removed = await store.write((tables) => tables.campaigns.giveUpDeleted(ago(DELETED_CAMPAIGNS_KEPT_MS)))
  await pruneIncomplete(store)
  const { pictures } = await cleanPictures(store, media)
  return store.write(async ({ streams, answers, tickets, audit, push }) => {
    const events = await streams.prune({ prefix: ROOM_STREAMS, before: ago(EVENTS_MAX_AGE_MS), keep: EVENTS_KEPT })
    const answered = await answers.prune(ago(ANSWERS_MAX_AGE_MS))
    await tickets.prune()
    await push.prune(ago(SILENT_DEVICES_KEPT_MS))
    await audit.prune(ago(auditDays * 24 * HOUR_MS))
    return { events, answers: answered, campaigns: removed.length, pictures }
  })
}

/** Deletes campaigns whose import or removal never ended, because the server stopped during it. */
async function pruneIncomplete(store: Store): Promise<void> {
  const before = new Date(Date.now() - HOUR_MS).toISOString()
  for (const id of await store.read(({ campaigns }) => campaigns.arrivingBefore(before)))
    while (!(await store.write(({ campaigns }) => campaigns.discardArriving(id)))) await turn()
}

export function startPruning(
  store: Store,
  media: MediaStore,
  limits: { auditDays: number },
  { pruned, failed }: { pruned(removedCampaigns: number): void; failed(error: unknown): void },
): Disposable {
  const work = () => prune(store, media, limits).then(({ campaigns }) => pruned(campaigns), failed)
  const timer = setInterval(() => void work(), HOUR_MS)
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
