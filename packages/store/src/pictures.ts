import type { Kysely, Selectable } from 'kysely'
import { groupsOf } from './groups.ts'
import type { Database } from './schema.ts'

/**
 * A picture of a room. `hash`: of its content, by which a media store keeps it. `width`, `height`: of the largest variant. `bytes`: of
 * all variants. `unusedSince`: null while something names the picture.
 */
export type PictureRow = {
  id: string
  hash: string
  width: number
  height: number
  thumbhash: string
  bytes: number
  uploadedBy: string
  createdAt: string
  unusedSince: string | null
  /** Of a map's pyramid of tiles; null for other pictures. */
  tileLevels: number | null
}

/** `bytes`: of all pictures. `unused`: pictures that nothing names. */
type PictureTotals = { roomId: string; name: string; pictures: number; bytes: number; unused: number }

/** `isOfMap`: whether it was cut into tiles. */
type PictureLike = Pick<PictureRow, 'width' | 'height'> & { isOfMap: boolean }

/** The pictures of rooms, without their content. */
export interface Pictures {
  insert(roomId: string, row: PictureRow): Promise<void>
  /** Those of the ids that the room has. */
  find(roomId: string, ids: readonly string[]): Promise<PictureRow[]>
  /** The picture with this content that the user has uploaded before, or null. */
  findUploaded(roomId: string, hash: string, uploadedBy: string): Promise<PictureRow | null>
  /**
   * The pictures of this size in all rooms where the user is a DM, maps or others, the newest first, at most `limit`.
   */
  ofDm(userId: string, like: PictureLike, limit: number): Promise<(PictureRow & { roomId: string })[]>
  /** Bytes of all pictures of the room. Pictures with the same content count each. */
  usedBytes(roomId: string): Promise<number>
  /** Of each room that has pictures, the largest first. */
  totals(): Promise<PictureTotals[]>
  /** The oldest first. */
  list(roomId: string): Promise<PictureRow[]>
  /** Sets `unusedSince` of pictures; null for pictures that something names. */
  markUnused(roomId: string, ids: readonly string[], since: string | null): Promise<void>
  /** Those of the hashes that a picture of any room has. */
  hashesInUse(hashes: readonly string[]): Promise<string[]>
  /** The content stays in the media store. */
  remove(roomId: string, ids: readonly string[]): Promise<void>
}

/** The most ids of one statement. */
const GROUP = 300

export const pictures = (database: Kysely<Database>): Pictures => ({
  async insert(roomId, row) {
    await database
      .insertInto('pictures')
      .values({
        room_id: roomId,
        id: row.id,
        hash: row.hash,
        width: row.width,
        height: row.height,
        thumbhash: row.thumbhash,
        bytes: row.bytes,
        uploaded_by: row.uploadedBy,
        created_at: row.createdAt,
        unused_since: row.unusedSince,
        tile_levels: row.tileLevels,
      })
      .execute()
  },

  async find(roomId, ids) {
    const rows: PictureRow[] = []
    for (const group of groupsOf(ids, GROUP))
      rows.push(
        ...(
          await database
            .selectFrom('pictures')
            .selectAll()
            .where('room_id', '=', roomId)
            .where('id', 'in', group)
            .execute()
        ).map(toRow),
      )
    return rows
  },

  async findUploaded(roomId, hash, uploadedBy) {
    const row = await database
      .selectFrom('pictures')
      .selectAll()
      .where('room_id', '=', roomId)
      .where('hash', '=', hash)
      .where('uploaded_by', '=', uploadedBy)
      .executeTakeFirst()
    return row ? toRow(row) : null
  },

  async ofDm(userId, { width, height, isOfMap }, limit) {
    const rows = await database
      .selectFrom('pictures')
      .innerJoin('members', 'members.room_id', 'pictures.room_id')
      .selectAll('pictures')
      .where('members.user_id', '=', userId)
      .where('members.role', 'in', ['owner', 'dm'])
      .where('width', '=', width)
      .where('height', '=', height)
      .where('tile_levels', isOfMap ? 'is not' : 'is', null)
      .orderBy('pictures.created_at', 'desc')
      .limit(limit)
      .execute()
    return rows.map((row) => ({ ...toRow(row), roomId: row.room_id }))
  },

  async usedBytes(roomId) {
    const { bytes } = await database
      .selectFrom('pictures')
      .select(({ fn }) => fn.sum<number | string | null>('bytes').as('bytes'))
      .where('room_id', '=', roomId)
      .executeTakeFirstOrThrow()
    return Number(bytes ?? 0)
  },

  async totals() {
    const rows = await database
      .selectFrom('pictures')
      .innerJoin('rooms', 'rooms.id', 'pictures.room_id')
      .select(({ fn }) => [
        'room_id',
        'rooms.name',
        fn.countAll<number | string>().as('pictures'),
        fn.sum<number | string>('bytes').as('bytes'),
        fn.count<number | string>('unused_since').as('unused'),
      ])
      .groupBy(['room_id', 'rooms.name'])
      .execute()
    return rows
      .map((row) => ({
        roomId: row.room_id,
        name: row.name,
        pictures: Number(row.pictures),
        bytes: Number(row.bytes),
        unused: Number(row.unused),
      }))
      .toSorted((a, b) => b.bytes - a.bytes || (a.roomId < b.roomId ? -1 : 1))
  },

  async list(roomId) {
    const rows = await database
      .selectFrom('pictures')
      .selectAll()
      .where('room_id', '=', roomId)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return rows.map(toRow)
  },

  async markUnused(roomId, ids, since) {
    for (const group of groupsOf(ids, GROUP))
      await database
        .updateTable('pictures')
        .set({ unused_since: since })
        .where('room_id', '=', roomId)
        .where('id', 'in', group)
        .execute()
  },

  async hashesInUse(hashes) {
    const found: string[] = []
    for (const group of groupsOf(hashes, GROUP)) {
      const rows = await database.selectFrom('pictures').select('hash').distinct().where('hash', 'in', group).execute()
      found.push(...rows.map(({ hash }) => hash))
    }
    return found
  },

  async remove(roomId, ids) {
    for (const group of groupsOf(ids, GROUP))
      await database.deleteFrom('pictures').where('room_id', '=', roomId).where('id', 'in', group).execute()
  },
})

const toRow = (row: Selectable<Database['pictures']>): PictureRow => ({
  id: row.id,
  hash: row.hash,
  width: row.width,
  height: row.height,
  thumbhash: row.thumbhash,
  bytes: row.bytes,
  uploadedBy: row.uploaded_by,
  createdAt: row.created_at,
  unusedSince: row.unused_since,
  tileLevels: row.tile_levels,
})
