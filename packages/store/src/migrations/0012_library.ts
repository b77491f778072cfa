import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

// SQLite adds one column at a time.
export const migration = (): Migration => ({
  async up({ schema }: Kysely<unknown>) {
    await schema.alterTable('campaigns').addColumn('origin', 'text').execute()
    await schema.alterTable('campaigns').addColumn('deleted_at', 'text').execute()
  },

  async down({ schema }: Kysely<unknown>) {
    await schema.alterTable('campaigns').dropColumn('deleted_at').execute()
    await schema.alterTable('campaigns').dropColumn('origin').execute()
  },
})
