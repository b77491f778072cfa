import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { StoreKind } from '../store-kind.ts'

export const migration = (kind: StoreKind): Migration => ({
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('sectors')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('description', 'text', (column) => column.notNull())
      .addColumn('value', 'double precision', (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('updated_at', 'text', (column) => column.notNull())
      .addCheckConstraint('sectors_named', sql`length(name) > 0`)
      .execute()
    await schema
      .createTable('agents')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('description', 'text', (column) => column.notNull())
      .addColumn('sector_id', 'text', (column) => column.references('sectors.id').onDelete('set null'))
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('updated_at', 'text', (column) => column.notNull())
      .addCheckConstraint('agents_have_a_status', sql`length(status) > 0`)
      .execute()
    await schema.createIndex('agents_by_sector').on('agents').columns(['sector_id', 'id']).execute()
    await schema.createIndex('agents_by_status').on('agents').columns(['status', 'id']).execute()
    // A hypertable wants a real time type, and its time in every unique key: create_hypertable('sector_candles', 'timestamp').
    await schema
      .createTable('sector_candles')
      .addColumn('sector_id', 'text', (column) => column.notNull().references('sectors.id').onDelete('cascade'))
      .addColumn('timestamp', kind === 'postgres' ? 'timestamptz' : 'text', (column) => column.notNull())
      .addColumn('value', 'double precision', (column) => column.notNull())
      .addColumn('open', 'double precision', (column) => column.notNull())
      .addColumn('high', 'double precision', (column) => column.notNull())
      .addColumn('low', 'double precision', (column) => column.notNull())
      .addColumn('close', 'double precision', (column) => column.notNull())
      .addPrimaryKeyConstraint('sector_candles_pk', ['sector_id', 'timestamp'])
      .addCheckConstraint('sector_candles_are_candles', sql`high >= low`)
      .execute()
    await schema
      .createTable('discussions')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('title', 'text', (column) => column.notNull())
      .addColumn('sector_id', 'text', (column) => column.references('sectors.id').onDelete('set null'))
      .addColumn('owner_id', 'text')
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('updated_at', 'text', (column) => column.notNull())
      .addCheckConstraint('discussions_titled', sql`length(title) > 0`)
      .execute()
    await schema.createIndex('discussions_by_sector').on('discussions').columns(['sector_id', 'id']).execute()
    await schema
      .createTable('messages')
      .addColumn('position', kind === 'postgres' ? 'bigserial' : 'integer', (column) =>
        kind === 'postgres' ? column.primaryKey() : column.primaryKey().autoIncrement(),
      )
      .addColumn('id', 'text', (column) => column.notNull().unique())
      .addColumn('discussion_id', 'text', (column) => column.notNull().references('discussions.id').onDelete('cascade'))
      .addColumn('content', 'text', (column) => column.notNull())
      .addColumn('author_id', 'text', (column) => column.notNull())
      .addColumn('author_name', 'text', (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('timestamp', 'text', (column) => column.notNull())
      .addColumn('told', 'integer', (column) => column.notNull())
      .addCheckConstraint('messages_say_something', sql`length(content) > 0`)
      .execute()
    await schema.createIndex('messages_by_discussion').on('messages').columns(['discussion_id', 'position']).execute()
    // Nearly always empty: what is stored and not published yet.
    await schema
      .createIndex('messages_untold')
      .on('messages')
      .column('position')
      .where(sql.ref('told'), '=', sql.lit(0))
      .execute()
  },

  async down(db: Kysely<unknown>) {
    for (const table of ['messages', 'discussions', 'sector_candles', 'agents', 'sectors'])
      await sql`drop table if exists ${sql.table(table)}`.execute(db)
  },
})
