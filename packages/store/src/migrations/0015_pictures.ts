import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { StoreKind } from '../store-kind.ts'

export const migration = (kind: StoreKind): Migration => ({
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('pictures')
      .addColumn('room_id', 'text', (column) => column.notNull().references('rooms.id').onDelete('cascade'))
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addColumn('width', 'integer', (column) => column.notNull())
      .addColumn('height', 'integer', (column) => column.notNull())
      .addColumn('thumbhash', 'text', (column) => column.notNull())
      .addColumn('bytes', 'integer', (column) => column.notNull())
      .addColumn('uploaded_by', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('unused_since', 'text')
      .addPrimaryKeyConstraint('pictures_pk', ['room_id', 'id'])
      .execute()
    // The same file of the same person is one picture of the room.
    await schema
      .createIndex('pictures_content')
      .on('pictures')
      .columns(['room_id', 'hash', 'uploaded_by'])
      .unique()
      .execute()
    await schema.createIndex('pictures_hash').on('pictures').column('hash').execute()
    // Empty on SQLite, where pictures lie in files beside the database.
    await schema
      .createTable('media_files')
      .addColumn('hash', 'text', (column) => column.notNull())
      .addColumn('variant', 'text', (column) => column.notNull())
      .addColumn('bytes', 'integer', (column) => column.notNull())
      .addColumn('put_at', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('media_files_pk', ['hash', 'variant'])
      .execute()
    await schema
      .createTable('media_chunks')
      .addColumn('hash', 'text', (column) => column.notNull())
      .addColumn('variant', 'text', (column) => column.notNull())
      .addColumn('place', 'integer', (column) => column.notNull())
      .addColumn('data', kind === 'postgres' ? 'bytea' : 'blob', (column) => column.notNull())
      .addPrimaryKeyConstraint('media_chunks_pk', ['hash', 'variant', 'place'])
      .addForeignKeyConstraint(
        'media_chunks_file',
        ['hash', 'variant'],
        'media_files',
        ['hash', 'variant'],
        (constraint) => constraint.onDelete('cascade'),
      )
      .execute()
  },

  async down({ schema }: Kysely<unknown>) {
    await schema.dropTable('media_chunks').execute()
    await schema.dropTable('media_files').execute()
    await schema.dropTable('pictures').execute()
  },
})
