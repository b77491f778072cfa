import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { StoreKind } from '../store-kind.ts'

export const migration = (kind: StoreKind): Migration => ({
  async up(db: Kysely<unknown>) {
    const { schema } = db
    await schema
      .createTable('rooms')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('active_campaign_id', 'text')
      .addColumn('created_at', 'text', (column) => column.notNull())
      .execute()
    await schema
      .createTable('members')
      .addColumn('room_id', 'text', (column) => column.notNull().references('rooms.id').onDelete('cascade'))
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('role', 'text', (column) => column.notNull())
      .addColumn('joined_at', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('members_pk', ['room_id', 'user_id'])
      .execute()
    await schema.createIndex('members_by_user').on('members').column('user_id').execute()
    await schema
      .createTable('invites')
      .addColumn('code', 'text', (column) => column.primaryKey())
      .addColumn('room_id', 'text', (column) => column.notNull().references('rooms.id').onDelete('cascade'))
      .addColumn('role', 'text', (column) => column.notNull())
      .addUniqueConstraint('invites_one_a_role', ['room_id', 'role'])
      .execute()
    await schema
      .createTable('campaigns')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('room_id', 'text', (column) => column.notNull().references('rooms.id').onDelete('cascade'))
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('archived', 'integer', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('undo_head', 'integer')
      .addColumn('redo_head', 'integer')
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('updated_at', 'text', (column) => column.notNull())
      .execute()
    await schema.createIndex('campaigns_by_room').on('campaigns').column('room_id').execute()
    await schema
      .createTable('campaign_journal')
      .addColumn('campaign_id', 'text', (column) => column.notNull().references('campaigns.id').onDelete('cascade'))
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('at', 'text', (column) => column.notNull())
      .addColumn('actor_id', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('patch', 'text')
      .addColumn('inverse', 'text')
      .addColumn('entry_ids', 'text', (column) => column.notNull())
      .addColumn('target', 'integer')
      .addColumn('previous_undo', 'integer')
      .addColumn('previous_redo', 'integer')
      .addPrimaryKeyConstraint('campaign_journal_pk', ['campaign_id', 'version'])
      .execute()
    await schema
      .createTable('narrative_entries')
      .addColumn('position', kind === 'postgres' ? 'bigserial' : 'integer', (column) =>
        kind === 'postgres' ? column.primaryKey() : column.primaryKey().autoIncrement(),
      )
      .addColumn('campaign_id', 'text', (column) => column.notNull().references('campaigns.id').onDelete('cascade'))
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('audience', 'text', (column) => column.notNull())
      .addColumn('withdrawn', 'integer', (column) => column.notNull())
      .addColumn('entry', 'text', (column) => column.notNull())
      .addUniqueConstraint('narrative_entries_id', ['campaign_id', 'id'])
      .execute()
    // One for each audience, so that a page costs the same however much of the story is the DM's alone.
    await schema
      .createIndex('narrative_entries_for_dm')
      .on('narrative_entries')
      .columns(['campaign_id', 'position'])
      .execute()
    await schema
      .createIndex('narrative_entries_for_players')
      .on('narrative_entries')
      .columns(['campaign_id', 'audience', 'position'])
      .execute()
    await schema
      .createTable('streams')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('epoch', 'text', (column) => column.notNull())
      .addColumn('head', 'integer', (column) => column.notNull())
      .addColumn('floor', 'integer', (column) => column.notNull())
      .execute()
    await schema
      .createTable('stream_events')
      .addColumn('stream_id', 'text', (column) => column.notNull().references('streams.id').onDelete('cascade'))
      .addColumn('seq', 'integer', (column) => column.notNull())
      .addColumn('at', 'text', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('stream_events_pk', ['stream_id', 'seq'])
      .execute()
    await schema.createIndex('stream_events_by_age').on('stream_events').column('at').execute()
    await schema
      .createTable('answers')
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('procedure', 'text', (column) => column.notNull())
      .addColumn('answer', 'text', (column) => column.notNull())
      .addColumn('at', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('answers_pk', ['user_id', 'key'])
      .execute()
    await schema.createIndex('answers_by_age').on('answers').column('at').execute()
  },
  async down(db: Kysely<unknown>) {
    for (const table of [
      'answers',
      'stream_events',
      'streams',
      'narrative_entries',
      'campaign_journal',
      'campaigns',
      'invites',
      'members',
      'rooms',
    ])
      await sql`drop table if exists ${sql.table(table)}`.execute(db)
  },
})
