import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

// Older servers left the words of withdrawn entries in the events that players can replay. This deletes these events. They serve replay
// alone: a client with an older position gets a snapshot.
export const migration = (): Migration => ({
  async up(db: Kysely<unknown>) {
    const ofPlayers = sql`(select id from streams where id like 'room:%:player' or id like 'room:%:member:%')`
    await sql`delete from stream_events where stream_id in ${ofPlayers}`.execute(db)
    await sql`update streams set floor = head where id in ${ofPlayers}`.execute(db)
  },

  async down() {
    // Nothing of the schema has changed.
  },
})
