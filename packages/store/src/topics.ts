import type { Kysely, Selectable } from 'kysely'
import type { Database } from './schema.ts'

export type TopicRow = { name: string; ownerId: string | null; createdAt: string }

export interface Topics {
  /** False when there is one of that name. */
  insert(row: TopicRow): Promise<boolean>
  /** False when there was none. */
  remove(name: string): Promise<boolean>
  get(name: string): Promise<TopicRow | null>
  /** Locks the row until the transaction ends. */
  lock(name: string): Promise<TopicRow | null>
  /** Keeps those that there are from being removed until the transaction ends; answers their names. */
  keep(names: readonly string[]): Promise<ReadonlySet<string>>
  /** By name. */
  list(): Promise<TopicRow[]>
  count(): Promise<number>
}

export const topics = (database: Kysely<Database>, locks: boolean): Topics => ({
  async insert({ name, ownerId, createdAt }) {
    const { numInsertedOrUpdatedRows } = await database
      .insertInto('topics')
      .values({ name, owner_id: ownerId, created_at: createdAt })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .executeTakeFirstOrThrow()
    return Number(numInsertedOrUpdatedRows) === 1
  },

  async remove(name) {
    const { numDeletedRows } = await database.deleteFrom('topics').where('name', '=', name).executeTakeFirst()
    return Number(numDeletedRows) === 1
  },

  async get(name) {
    const row = await database.selectFrom('topics').selectAll().where('name', '=', name).executeTakeFirst()
    return row ? toRow(row) : null
  },

  async lock(name) {
    const query = database.selectFrom('topics').selectAll().where('name', '=', name)
    const row = await (locks ? query.forUpdate() : query).executeTakeFirst()
    return row ? toRow(row) : null
  },

  async keep(names) {
    if (names.length === 0) return new Set()
    const query = database.selectFrom('topics').select('name').where('name', 'in', names).orderBy('name')
    const rows = await (locks ? query.forKeyShare() : query).execute()
    return new Set(rows.map(({ name }) => name))
  },

  list: async () => (await database.selectFrom('topics').selectAll().orderBy('name').execute()).map(toRow),

  async count() {
    const { count } = await database
      .selectFrom('topics')
      .select((all) => all.fn.countAll().as('count'))
      .executeTakeFirstOrThrow()
    return Number(count)
  },
})

const toRow = (row: Selectable<Database['topics']>): TopicRow => ({
  name: row.name,
  ownerId: row.owner_id,
  createdAt: row.created_at,
})
