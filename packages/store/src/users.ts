import type { Kysely, Selectable } from 'kysely'
import { padded } from './padded.ts'
import type { Database } from './schema.ts'

/**
 * Someone with an account, or a guest who became one. `subject`: a hash of the account's issuer and subject. `mergedInto`: the
 * user that a guest became; the guest's own id no longer signs in.
 */
export type UserRow = { id: string; subject: string | null; name: string; mergedInto: string | null; createdAt: string }

export interface Users {
  get(id: string): Promise<UserRow | null>
  /** Those of them that are known. */
  getAll(ids: readonly string[]): Promise<UserRow[]>
  findBySubject(subject: string): Promise<UserRow | null>
  /** Inserts; of one that is known it changes name and subject and where it went. */
  put(row: UserRow): Promise<void>
}

export const users = (database: Kysely<Database>): Users => ({
  async get(id) {
    const row = await database.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
    return row ? toUser(row) : null
  },

  async getAll(ids) {
    const rows = await database.selectFrom('users').selectAll().where('id', 'in', padded(ids)).execute()
    return rows.map(toUser)
  },

  async findBySubject(subject) {
    const row = await database.selectFrom('users').selectAll().where('subject', '=', subject).executeTakeFirst()
    return row ? toUser(row) : null
  },

  async put({ id, subject, name, mergedInto, createdAt }) {
    const changing = { subject, name, merged_into: mergedInto }
    await database
      .insertInto('users')
      .values({ id, ...changing, created_at: createdAt })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(changing))
      .execute()
  },
})

const toUser = (row: Selectable<Database['users']>): UserRow => ({
  id: row.id,
  subject: row.subject,
  name: row.name,
  mergedInto: row.merged_into,
  createdAt: row.created_at,
})
