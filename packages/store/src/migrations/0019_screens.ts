import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const migration = (): Migration => ({
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('screen_links')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('room_id', 'text', (column) => column.notNull().references('rooms.id').onDelete('cascade'))
      .addColumn('hash', 'text', (column) => column.notNull().unique())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('created_by', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('last_used_at', 'text')
      .execute()
    await schema.createIndex('screen_links_by_room').on('screen_links').column('room_id').execute()
    await schema
      .createTable('screen_shows')
      .addColumn('room_id', 'text', (column) => column.primaryKey().references('rooms.id').onDelete('cascade'))
      .addColumn('show', 'text', (column) => column.notNull())
      .execute()
  },

  async down({ schema }: Kysely<unknown>) {
    await schema.dropTable('screen_shows').execute()
    await schema.dropTable('screen_links').execute()
  },
})
