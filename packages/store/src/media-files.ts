import type { Kysely } from 'kysely'
import { groupsOf } from './groups.ts'
import type { Database } from './schema.ts'

/** `putAt`: the newest time at which somebody stored the file. */
export type MediaFileRow = { hash: string; variant: string; bytes: number; putAt: string }

/** The content of pictures in a database that several nodes share, in chunks. On SQLite pictures are files, and these tables are empty. */
export interface MediaFiles {
  /** Stores the file, or only the time when the file is known. */
  put(row: Omit<MediaFileRow, 'bytes'>, content: Uint8Array): Promise<void>
  /** Stores the time alone. False for an unknown file. */
  touch(row: Omit<MediaFileRow, 'bytes'>): Promise<boolean>
  /** The number of bytes; null for an unknown file. */
  size(hash: string, variant: string): Promise<number | null>
  /** The chunk with this number, from 0; null after the last one. */
  chunk(hash: string, variant: string, place: number): Promise<Uint8Array | null>
  /** Removes all variants; with `putBefore` only those that nobody has stored since. */
  remove(hash: string, putBefore?: string): Promise<void>
  usedBytes(): Promise<number>
  /** Up to `limit` files in the order of hash and variant, those after `after`. */
  page(after: Pick<MediaFileRow, 'hash' | 'variant'> | null, limit: number): Promise<MediaFileRow[]>
}

/** Of each chunk but the last of a file. As long as a row of a backup may be. */
export const MEDIA_CHUNK_BYTES = 256 * 1_024
/** Of one statement: 2 MB. */
const CHUNKS = 8

export const mediaFiles = (database: Kysely<Database>): MediaFiles => ({
  async put({ hash, variant, putAt }, content) {
    // The time first: it locks the row, so that a cleaning which waits for it leaves the file.
    if (await touched(database, { hash, variant, putAt })) return
    const { numInsertedOrUpdatedRows } = await database
      .insertInto('media_files')
      .values({ hash, variant, bytes: content.byteLength, put_at: putAt })
      .onConflict((conflict) => conflict.columns(['hash', 'variant']).doNothing())
      .executeTakeFirstOrThrow()
    // Somebody else has stored it since.
    if (Number(numInsertedOrUpdatedRows) === 0) return
    for (const group of groupsOf(chunksOf(content), CHUNKS))
      await database
        .insertInto('media_chunks')
        .values(group.map((chunk) => ({ hash, variant, ...chunk })))
        .execute()
  },

  touch: (row) => touched(database, row),

  async size(hash, variant) {
    const row = await database
      .selectFrom('media_files')
      .select('bytes')
      .where('hash', '=', hash)
      .where('variant', '=', variant)
      .executeTakeFirst()
    return row?.bytes ?? null
  },

  async chunk(hash, variant, place) {
    const row = await database
      .selectFrom('media_chunks')
      .select('data')
      .where('hash', '=', hash)
      .where('variant', '=', variant)
      .where('place', '=', place)
      .executeTakeFirst()
    return row?.data ?? null
  },

  async remove(hash, putBefore) {
    const all = database.deleteFrom('media_files').where('hash', '=', hash)
    await (putBefore === undefined ? all : all.where('put_at', '<', putBefore)).execute()
  },

  async usedBytes() {
    const { bytes } = await database
      .selectFrom('media_files')
      .select(({ fn }) => fn.sum<number | string | null>('bytes').as('bytes'))
      .executeTakeFirstOrThrow()
    return Number(bytes ?? 0)
  },

  async page(after, limit) {
    const all = database.selectFrom('media_files').select(['hash', 'variant', 'bytes', 'put_at'])
    const later = after
      ? all.where(({ or, and, eb }) =>
          or([eb('hash', '>', after.hash), and([eb('hash', '=', after.hash), eb('variant', '>', after.variant)])]),
        )
      : all
    const rows = await later.orderBy('hash').orderBy('variant').limit(limit).execute()
    return rows.map(({ put_at: putAt, ...row }) => ({ ...row, putAt }))
  },
})

async function touched(
  database: Kysely<Database>,
  { hash, variant, putAt }: Omit<MediaFileRow, 'bytes'>,
): Promise<boolean> {
  const { numUpdatedRows } = await database
    .updateTable('media_files')
    .set({ put_at: putAt })
    .where('hash', '=', hash)
    .where('variant', '=', variant)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

function chunksOf(content: Uint8Array): { place: number; data: Uint8Array }[] {
  const count = Math.ceil(content.byteLength / MEDIA_CHUNK_BYTES)
  return Array.from({ length: count }, (_, place) => ({
    place,
    data: content.subarray(place * MEDIA_CHUNK_BYTES, (place + 1) * MEDIA_CHUNK_BYTES),
  }))
}
