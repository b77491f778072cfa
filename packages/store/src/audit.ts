import type { AuditEvent, AuditKind } from '@tablecast/contracts'
import type { Kysely } from 'kysely'
import type { Database } from './schema.ts'

/** `roomId`: null for an entry that belongs to no room, such as a sign-in. */
type AuditRow = Omit<AuditEvent, 'id'> & { roomId: string | null }

/** The changes of a room's access, and the refusals. */
export interface AuditTrail {
  append(row: AuditRow): Promise<void>
  /** The entries of the room and the sign-ins of its members, newest first. `before`: the id of the oldest known entry. */
  page(
    roomId: string,
    page: { before?: string | undefined; limit: number },
  ): Promise<{ events: AuditEvent[]; more: boolean }>
  /** Deletes entries older than `before`. */
  prune(before: string): Promise<void>
}

export const auditTrail = (database: Kysely<Database>): AuditTrail => ({
  async append({ roomId, at, kind, actorId, actorName, detail }) {
    await database
      .insertInto('audit')
      .values({
        room_id: roomId,
        at,
        kind,
        actor_id: actorId,
        actor_name: actorName,
        detail: JSON.stringify(detail),
      })
      .execute()
  },

  async page(roomId, { before, limit }) {
    let query = database
      .selectFrom('audit')
      .selectAll()
      .where((where) =>
        where.or([
          where('room_id', '=', roomId),
          where.and([
            where('room_id', 'is', null),
            where('actor_id', 'in', (inner) =>
              inner.selectFrom('members').select('user_id').where('room_id', '=', roomId),
            ),
          ]),
        ]),
      )
      .orderBy('position', 'desc')
      .limit(limit + 1)
    if (before !== undefined) query = query.where('position', '<', Number(before))
    const rows = await query.execute()
    return {
      events: rows.slice(0, limit).map((row) => ({
        id: String(row.position),
        at: row.at,
        kind: row.kind as AuditKind,
        actorId: row.actor_id,
        actorName: row.actor_name,
        detail: JSON.parse(row.detail) as AuditEvent['detail'],
      })),
      more: rows.length > limit,
    }
  },

  async prune(before) {
    await database.deleteFrom('audit').where('at', '<', before).execute()
  },
})
