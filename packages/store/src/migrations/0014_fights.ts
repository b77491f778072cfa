import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const migration = (): Migration => ({
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('stat_blocks')
      .addColumn('room_id', 'text', (column) => column.notNull().references('rooms.id').onDelete('cascade'))
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('heading', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addColumn('bytes', 'integer', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('stat_blocks_pk', ['room_id', 'id'])
      .execute()
    await schema
      .createTable('encounters')
      .addColumn('campaign_id', 'text', (column) => column.notNull().references('campaigns.id').onDelete('cascade'))
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('bytes', 'integer', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('updated_at', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('encounters_pk', ['campaign_id', 'id'])
      .execute()
    // What a step of a fight was asked for, and what it really changed: both null for an edit.
    await schema.alterTable('campaign_journal').addColumn('operation', 'text').execute()
    await schema.alterTable('campaign_journal').addColumn('applied', 'text').execute()
  },

  async down({ schema }: Kysely<unknown>) {
    await schema.alterTable('campaign_journal').dropColumn('applied').execute()
    await schema.alterTable('campaign_journal').dropColumn('operation').execute()
    await schema.dropTable('encounters').execute()
    await schema.dropTable('stat_blocks').execute()
  },
})
