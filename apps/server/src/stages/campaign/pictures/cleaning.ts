// Removes pictures that nothing has named for a while, and content that no picture has.
import { arePicturesKept, type MediaStore } from '@tablecast/media'
import { picturesNamed } from '@tablecast/orchestrator'
import type { PictureRow, Repositories, Store } from '@tablecast/store'

const HOUR_MS = 60 * 60_000
/** An undo may name a picture again. After this it shows a placeholder. */
const UNUSED_PICTURES_KEPT_MS = 30 * 24 * HOUR_MS
/** The content of an upload is stored before its picture. */
const CONTENT_KEPT_MS = HOUR_MS
/** Hashes that are looked up at a time. */
const GROUP = 300

/** `isPaused`: a backup is being written, and nothing was removed. */
export type Cleaned = { pictures: number; contents: number; isPaused: boolean }

/** Each room in a short transaction of its own. `unusedMs`: the time for which an unused picture is kept. */
export async function cleanPictures(
  store: Store,
  media: MediaStore,
  { unusedMs = UNUSED_PICTURES_KEPT_MS, now = new Date() }: { unusedMs?: number; now?: Date } = {},
): Promise<Cleaned> {
  const before = new Date(now.getTime() - unusedMs).toISOString()
  let pictures = 0
  for (const { roomId } of await store.read((tables) => tables.pictures.totals())) {
    // Rooms where nothing changes, which are nearly all of them, are not locked.
    if (isNothing(await store.read((tables) => dueIn(tables, roomId, before)))) continue
    const removed = await store.write((tables) => cleanRoom(tables, roomId, { before, now }))
    if (removed === null) return { pictures, contents: 0, isPaused: true }
    pictures += removed
  }
  return { pictures, ...(await cleanContent(store, media, now)) }
}

/** `unused`, `used`: pictures whose mark is wrong. `old`: those to be removed. By their ids. */
type Due = { unused: string[]; used: string[]; old: string[] }

const isNothing = ({ unused, used, old }: Due): boolean => unused.length + used.length + old.length === 0

/** The number of removed pictures; null while pictures are kept. */
async function cleanRoom(
  tables: Repositories,
  roomId: string,
  { before, now }: { before: string; now: Date },
): Promise<number | null> {
  if (await arePicturesKept(tables)) return null
  // From here on no change can name a picture.
  await tables.rooms.lock(roomId)
  const { unused, used, old } = await dueIn(tables, roomId, before)
  await tables.pictures.markUnused(roomId, unused, now.toISOString())
  await tables.pictures.markUnused(roomId, used, null)
  await tables.pictures.remove(roomId, old)
  return old.length
}

async function dueIn(tables: Repositories, roomId: string, before: string): Promise<Due> {
  const named = await namedIn(tables, roomId)
  const rows = await tables.pictures.list(roomId)
  const idsOf = (is: (row: PictureRow) => boolean) => rows.filter(is).map(({ id }) => id)
  return {
    unused: idsOf(({ id, unusedSince }) => unusedSince === null && !named.has(id)),
    used: idsOf(({ id, unusedSince }) => unusedSince !== null && named.has(id)),
    old: idsOf(({ id, unusedSince }) => unusedSince !== null && unusedSince < before && !named.has(id)),
  }
}

/** Deleted campaigns name theirs until they are removed for good. */
async function namedIn({ campaigns }: Repositories, roomId: string): Promise<ReadonlySet<string>> {
  const named = new Set<string>()
  for (const id of await campaigns.ids(roomId)) {
    const campaign = await campaigns.find(id)
    for (const picture of campaign ? picturesNamed(campaign.state) : []) named.add(picture)
  }
  return named
}

async function cleanContent(
  store: Store,
  media: MediaStore,
  now: Date,
): Promise<Pick<Cleaned, 'contents' | 'isPaused'>> {
  const storedBefore = new Date(now.getTime() - CONTENT_KEPT_MS)
  await media.removeUnfinished(storedBefore)
  let contents = 0
  for await (const hashes of groupsOf(oldContent(media, storedBefore))) {
    const removed = await store.write(async (tables) => {
      if (await arePicturesKept(tables)) return null
      const inUse = new Set(await tables.pictures.hashesInUse(hashes))
      const gone = hashes.filter((hash) => !inUse.has(hash))
      for (const hash of gone) await media.remove(hash, storedBefore)
      return gone.length
    })
    if (removed === null) return { contents, isPaused: true }
    contents += removed
  }
  return { contents, isPaused: false }
}

/** The hashes of files that nobody has stored since. */
async function* oldContent(media: MediaStore, storedBefore: Date): AsyncGenerator<string> {
  const found = new Map<string, boolean>()
  for await (const { hash, putAt } of media.list()) found.set(hash, (found.get(hash) ?? true) && putAt < storedBefore)
  for (const [hash, isOld] of found) if (isOld) yield hash
}

async function* groupsOf(hashes: AsyncIterable<string>): AsyncGenerator<string[]> {
  let group: string[] = []
  for await (const hash of hashes) {
    group.push(hash)
    if (group.length < GROUP) continue
    yield group
    group = []
  }
  if (group.length > 0) yield group
}
