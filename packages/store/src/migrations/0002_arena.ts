import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { StoreKind } from '../store-kind.ts'

export const migration = (kind: StoreKind): Migration => ({
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('arena_sessions')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('owner_id', 'text')
      .addColumn('options', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('updated_at', 'text', (column) => column.notNull())
      .addColumn('ended_at', 'text')
      .addColumn('round', 'integer', (column) => column.notNull())
      .addColumn('phase', 'text')
      .addColumn('waiting', 'integer', (column) => column.notNull())
      .addColumn('last_news', 'text')
      .addColumn('news', 'text', (column) => column.notNull())
      .addColumn('engine_id', 'text')
      .addColumn('engine_seq', 'integer', (column) => column.notNull())
      .addColumn('first_seq', 'integer', (column) => column.notNull())
      .execute()
    await schema
      .createIndex('arena_sessions_by_status')
      .on('arena_sessions')
      .columns(['status', 'updated_at'])
      .execute()
    await schema
      .createTable('leases')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('holder', 'text', (column) => column.notNull())
      .addColumn('until_ms', kind === 'postgres' ? 'bigint' : 'integer', (column) => column.notNull())
      .execute()
  },
  async down(db: Kysely<unknown>) {
    for (const table of ['leases', 'arena_sessions']) await sql`drop table if exists ${sql.table(table)}`.execute(db)
  },
})
