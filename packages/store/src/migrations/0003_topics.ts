import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

export const migration = (): Migration => ({
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('topics')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('owner_id', 'text')
      .addColumn('created_at', 'text', (column) => column.notNull())
      .execute()
  },
  async down(db: Kysely<unknown>) {
    await sql`drop table if exists topics`.execute(db)
  },
})
