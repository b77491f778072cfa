import type { TopicRight } from '@tablecast/contracts'
import type { Kysely, Selectable } from 'kysely'
import type { Database } from './schema.ts'

export type ApiKeyRow = {
  id: string
  ownerId: string
  name: string
  /** SHA-256 of the secret, in hex. */
  hash: string
  rights: TopicRight[]
  createdAt: string
  revokedAt: string | null
}

export interface ApiKeys {
  insert(row: ApiKeyRow): Promise<void>
  get(id: string): Promise<ApiKeyRow | null>
  /** Locks the row until the transaction ends. */
  lock(id: string): Promise<ApiKeyRow | null>
  /** Locks the valid ones of these keys against revocation until the transaction ends, and returns their ids. */
  keep(ids: readonly string[]): Promise<ReadonlySet<string>>
  /** Newest first. */
  listFor(ownerId: string): Promise<ApiKeyRow[]>
  /** Of every owner, newest first. */
  list(): Promise<ApiKeyRow[]>
  /** Which of these are revoked. */
  revokedOf(ids: readonly string[]): Promise<string[]>
  revoke(id: string, at: string): Promise<void>
}

export const apiKeys = (database: Kysely<Database>, locks: boolean): ApiKeys => ({
  async insert({ id, ownerId, name, hash, rights, createdAt, revokedAt }) {
    await database
      .insertInto('api_keys')
      .values({
        id,
        owner_id: ownerId,
        name,
        hash,
        rights: JSON.stringify(rights),
        created_at: createdAt,
        revoked_at: revokedAt,
      })
      .execute()
  },

  async get(id) {
    const row = await database.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst()
    return row ? toRow(row) : null
  },

  async lock(id) {
    const query = database.selectFrom('api_keys').selectAll().where('id', '=', id)
    const row = await (locks ? query.forUpdate() : query).executeTakeFirst()
    return row ? toRow(row) : null
  },

  async keep(ids) {
    if (ids.length === 0) return new Set()
    const query = database
      .selectFrom('api_keys')
      .select('id')
      .where('id', 'in', ids)
      .where('revoked_at', 'is', null)
      .orderBy('id')
    const rows = await (locks ? query.forShare() : query).execute()
    return new Set(rows.map(({ id }) => id))
  },

  async listFor(ownerId) {
    return (await newestFirst(database).where('owner_id', '=', ownerId).execute()).map(toRow)
  },

  async list() {
    return (await newestFirst(database).execute()).map(toRow)
  },

  async revokedOf(ids) {
    if (ids.length === 0) return []
    const rows = await database
      .selectFrom('api_keys')
      .select('id')
      .where('id', 'in', ids)
      .where('revoked_at', 'is not', null)
      .execute()
    return rows.map(({ id }) => id)
  },

  async revoke(id, at) {
    await database
      .updateTable('api_keys')
      .set({ revoked_at: at })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .execute()
  },
})

const newestFirst = (database: Kysely<Database>) =>
  database.selectFrom('api_keys').selectAll().orderBy('created_at', 'desc').orderBy('id')

const toRow = (row: Selectable<Database['api_keys']>): ApiKeyRow => ({
  id: row.id,
  ownerId: row.owner_id,
  name: row.name,
  hash: row.hash,
  rights: JSON.parse(row.rights) as TopicRight[],
  createdAt: row.created_at,
  revokedAt: row.revoked_at,
})
