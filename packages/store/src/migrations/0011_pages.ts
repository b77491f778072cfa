import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const migration = (): Migration => ({
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('campaign_pages')
      .addColumn('campaign_id', 'text', (column) => column.notNull().references('campaigns.id').onDelete('cascade'))
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('place', 'integer', (column) => column.notNull())
      .addColumn('title', 'text', (column) => column.notNull())
      .addColumn('depth', 'integer', (column) => column.notNull())
      .addColumn('bytes', 'integer', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('campaign_pages_pk', ['campaign_id', 'id'])
      .addUniqueConstraint('campaign_pages_place', ['campaign_id', 'place'])
      .execute()
  },

  async down({ schema }: Kysely<unknown>) {
    await schema.dropTable('campaign_pages').execute()
  },
})
