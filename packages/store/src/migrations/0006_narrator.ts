import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { StoreKind } from '../store-kind.ts'

export const migration = (kind: StoreKind): Migration => ({
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('narrator_rooms')
      .addColumn('room_id', 'text', (column) => column.primaryKey().references('rooms.id').onDelete('cascade'))
      .addColumn('mode', 'text')
      .addColumn('recent_ms', 'text', (column) => column.notNull())
      .execute()
    // One turn a room at a time: the one that is being written, or waits for the DM.
    await schema
      .createTable('narrator_turns')
      .addColumn('room_id', 'text', (column) => column.primaryKey().references('rooms.id').onDelete('cascade'))
      .addColumn('turn', 'text', (column) => column.notNull())
      .addColumn('touched_ms', kind === 'postgres' ? 'bigint' : 'integer', (column) => column.notNull())
      .execute()
    await schema
      .createTable('narrator_usage')
      .addColumn('room_id', 'text', (column) => column.notNull().references('rooms.id').onDelete('cascade'))
      .addColumn('day', 'text', (column) => column.notNull())
      .addColumn('tokens', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('narrator_usage_pk', ['room_id', 'day'])
      .execute()
    await schema
      .createTable('campaign_summaries')
      .addColumn('campaign_id', 'text', (column) => column.primaryKey().references('campaigns.id').onDelete('cascade'))
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('up_to', kind === 'postgres' ? 'bigint' : 'integer', (column) => column.notNull())
      .execute()
  },

  async down(db: Kysely<unknown>) {
    for (const table of ['campaign_summaries', 'narrator_usage', 'narrator_turns', 'narrator_rooms'])
      await sql`drop table if exists ${sql.table(table)}`.execute(db)
  },
})
