import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const migration = (): Migration => ({
  async up({ schema }: Kysely<unknown>) {
    await schema
      .alterTable('campaigns')
      .addColumn('state_version', 'integer', (column) => column.notNull().defaultTo(1))
      .execute()
  },

  async down({ schema }: Kysely<unknown>) {
    await schema.alterTable('campaigns').dropColumn('state_version').execute()
  },
})
