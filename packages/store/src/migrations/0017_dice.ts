import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const migration = (): Migration => ({
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('dice_chains')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('campaign_id', 'text', (column) => column.notNull().references('campaigns.id').onDelete('cascade'))
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addColumn('seed', 'text')
      .addColumn('rolls', 'integer', (column) => column.notNull())
      .addColumn('earlier_rolls', 'integer', (column) => column.notNull())
      .addColumn('began_at', 'text', (column) => column.notNull())
      .addColumn('revealed_at', 'text')
      .execute()
    await schema.createIndex('dice_chains_by_campaign').on('dice_chains').columns(['campaign_id', 'began_at']).execute()
    await schema
      .createTable('dice_seeds')
      .addColumn('chain_id', 'text', (column) => column.primaryKey().references('dice_chains.id').onDelete('cascade'))
      .addColumn('seed', 'text', (column) => column.notNull())
      .execute()
    await schema
      .createTable('dice_rolls')
      .addColumn('chain_id', 'text', (column) => column.notNull().references('dice_chains.id').onDelete('cascade'))
      .addColumn('counter', 'integer', (column) => column.notNull())
      .addColumn('nonce', 'text', (column) => column.notNull())
      .addColumn('notation', 'text', (column) => column.notNull())
      .addColumn('draws', 'text', (column) => column.notNull())
      .addColumn('total', 'double precision', (column) => column.notNull())
      .addColumn('entry_id', 'text')
      .addColumn('at', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('dice_rolls_pk', ['chain_id', 'counter'])
      .execute()
  },

  async down({ schema }: Kysely<unknown>) {
    await schema.dropTable('dice_rolls').execute()
    await schema.dropTable('dice_seeds').execute()
    await schema.dropTable('dice_chains').execute()
  },
})
