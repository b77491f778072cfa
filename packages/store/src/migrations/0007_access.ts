import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { StoreKind } from '../store-kind.ts'

export const migration = (kind: StoreKind): Migration => {
  const big = kind === 'postgres' ? 'bigint' : 'integer'
  return {
    async up({ schema }: Kysely<unknown>) {
      await schema
        .alterTable('rooms')
        .addColumn('locked', 'integer', (column) => column.notNull().defaultTo(0))
        .execute()
      // Counts the changes of who may hear what, so that no event overtakes a removal.
      await schema
        .alterTable('rooms')
        .addColumn('access', 'integer', (column) => column.notNull().defaultTo(0))
        .execute()
      await schema.alterTable('invites').addColumn('expires_at', 'text').execute()
      await schema.alterTable('invites').addColumn('max_uses', 'integer').execute()
      await schema
        .alterTable('invites')
        .addColumn('uses', 'integer', (column) => column.notNull().defaultTo(0))
        .execute()
      await schema
        .createTable('bans')
        .addColumn('room_id', 'text', (column) => column.notNull().references('rooms.id').onDelete('cascade'))
        .addColumn('user_id', 'text', (column) => column.notNull())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('at', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('bans_pk', ['room_id', 'user_id'])
        .execute()
      // `subject`: a hash of issuer and subject of the account; null for a guest that went over into another user.
      await schema
        .createTable('users')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('subject', 'text', (column) => column.unique())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('merged_into', 'text')
        .addColumn('created_at', 'text', (column) => column.notNull())
        .execute()
      await schema
        .createTable('tickets')
        .addColumn('hash', 'text', (column) => column.primaryKey())
        .addColumn('identity', 'text', (column) => column.notNull())
        .addColumn('until_ms', big, (column) => column.notNull())
        .execute()
      await schema
        .createTable('audit')
        .addColumn('position', kind === 'postgres' ? 'bigserial' : 'integer', (column) =>
          kind === 'postgres' ? column.primaryKey() : column.primaryKey().autoIncrement(),
        )
        .addColumn('room_id', 'text', (column) => column.references('rooms.id').onDelete('cascade'))
        .addColumn('at', 'text', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('actor_id', 'text', (column) => column.notNull())
        .addColumn('actor_name', 'text', (column) => column.notNull())
        .addColumn('detail', 'text', (column) => column.notNull())
        .execute()
      await schema.createIndex('audit_by_room').on('audit').columns(['room_id', 'position']).execute()
      await schema.createIndex('audit_by_actor').on('audit').columns(['actor_id', 'position']).execute()
      await schema.createIndex('audit_by_age').on('audit').column('at').execute()
    },

    async down(db: Kysely<unknown>) {
      for (const table of ['audit', 'tickets', 'users', 'bans'])
        await sql`drop table if exists ${sql.table(table)}`.execute(db)
      for (const [table, column] of [
        ['invites', 'uses'],
        ['invites', 'max_uses'],
        ['invites', 'expires_at'],
        ['rooms', 'access'],
        ['rooms', 'locked'],
      ] as const)
        await db.schema.alterTable(table).dropColumn(column).execute()
    },
  }
}
