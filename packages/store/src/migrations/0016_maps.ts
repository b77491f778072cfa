import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const migration = (): Migration => ({
  async up({ schema }: Kysely<unknown>) {
    await schema.alterTable('pictures').addColumn('tile_levels', 'integer').execute()
    await schema
      .createTable('map_walls')
      .addColumn('room_id', 'text', (column) => column.notNull())
      .addColumn('picture_id', 'text', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('map_walls_pk', ['room_id', 'picture_id'])
      .addForeignKeyConstraint(
        'map_walls_picture',
        ['room_id', 'picture_id'],
        'pictures',
        ['room_id', 'id'],
        (constraint) => constraint.onDelete('cascade'),
      )
      .execute()
    await schema
      .createTable('map_fogs')
      .addColumn('campaign_id', 'text', (column) => column.notNull().references('campaigns.id').onDelete('cascade'))
      .addColumn('map_id', 'text', (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('bits', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('map_fogs_pk', ['campaign_id', 'map_id'])
      .execute()
    await schema
      .createTable('map_strokes')
      .addColumn('campaign_id', 'text', (column) => column.notNull().references('campaigns.id').onDelete('cascade'))
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('map_id', 'text', (column) => column.notNull())
      .addColumn('at', 'text', (column) => column.notNull())
      .addColumn('change', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('map_strokes_pk', ['campaign_id', 'version', 'map_id'])
      .execute()
  },

  async down({ schema }: Kysely<unknown>) {
    await schema.dropTable('map_strokes').execute()
    await schema.dropTable('map_fogs').execute()
    await schema.dropTable('map_walls').execute()
    await schema.alterTable('pictures').dropColumn('tile_levels').execute()
  },
})
