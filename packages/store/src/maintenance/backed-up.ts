// Which tables a backup holds, as data. A table that stands in neither list fails the types, and a test that asks the database.
import type { Database } from '../schema.ts'

/**
 * Each after those that it refers to. Rooms come first: who writes locks a room before anything else, so that a restore and a
 * writer seldom wait for each other.
 */
export const backedUpTables = [
  'rooms',
  'users',
  'members',
  'invites',
  'bans',
  'campaigns',
  'campaign_journal',
  'narrative_entries',
  'campaign_pages',
  'stat_blocks',
  'encounters',
  'sheets',
  'pictures',
  'map_walls',
  'map_fogs',
  'map_strokes',
  'dice_chains',
  'dice_rolls',
  'campaign_summaries',
  'narrator_rooms',
  'narrator_turns',
  'narrator_usage',
  'streams',
  'stream_events',
  'answers',
  'audit',
  'arena_sessions',
  'topics',
  'api_keys',
  'sectors',
  'agents',
  'sector_candles',
  'discussions',
  'messages',
] as const satisfies readonly (keyof Database)[]

export type BackedUpTable = (typeof backedUpTables)[number]

/** The tables that no backup holds, and why. A restore leaves them as they are. */
export const excludedTables = {
  tickets: 'good for seconds, and once',
  leases: 'who does right now what only one may do',
  restores: 'tells of this database, not of what is in it',
  dice_seeds: 'seeds that nobody has seen: after a restore, dice go on with new ones',
  screen_links: 'a restore must not bring back a link that was taken back since; a DM makes a new one in seconds',
  screen_shows: 'what screens showed at the time of the backup, which tells nothing afterwards',
  push_devices: 'where people get notices: a copy of the server must not call their devices',
  push_keys: 'the keys of this server at push services, which belong to these devices',
  media_files: 'the content of pictures, for which a backup has rows of its own',
  media_chunks: 'the content of pictures, for which a backup has rows of its own',
} as const satisfies Partial<Record<keyof Database, string>>

type InNeither = Exclude<keyof Database, BackedUpTable | keyof typeof excludedTables>
true satisfies [InNeither] extends [never] ? true : never

export const isBackedUp = (table: string): table is BackedUpTable =>
  (backedUpTables as readonly string[]).includes(table)
