import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { StoreKind } from '../store-kind.ts'

export const migration = (kind: StoreKind): Migration => ({
  // How often, and from what, the database was restored: the newest row tells a running server that its caches are of another log.
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('restores')
      .addColumn('position', kind === 'postgres' ? 'bigserial' : 'integer', (column) =>
        kind === 'postgres' ? column.primaryKey() : column.primaryKey().autoIncrement(),
      )
      .addColumn('epoch', 'text', (column) => column.notNull())
      .addColumn('at', 'text', (column) => column.notNull())
      .addColumn('made_at', 'text')
      .execute()
  },

  async down(db: Kysely<unknown>) {
    await sql`drop table if exists restores`.execute(db)
  },
})
