// A row or two in every table that a backup holds.
import { createHash } from 'node:crypto'
import { bytesOf, emptyState } from '@tablecast/contracts'
import type { Insertable, Kysely } from 'kysely'
import type { BackedUpTable } from '../maintenance/backed-up.ts'
import { backedUpTables } from '../maintenance/backed-up.ts'
import type { Database } from '../schema.ts'
import { entryOf } from './rows.ts'

const at = '2026-01-01T00:00:00.000Z'
const stamps = { version: 1, created_at: at, updated_at: at }
/** Text that a careless format would break. */
const odd = 'a "quoted" line\nand another, \u{1F409} \\ end\u2028'

const rows: { [T in BackedUpTable]: Insertable<Database[T]>[] } = {
  rooms: [
    { id: 'r', name: odd, active_campaign_id: 'c', created_at: at, locked: 1, access: 7 },
    { id: 'empty', name: 'Empty', active_campaign_id: null, created_at: at, locked: 0, access: 0 },
  ],
  users: [{ id: 'u', subject: null, name: odd, merged_into: null, created_at: at }],
  members: [{ room_id: 'r', user_id: 'u', name: 'U', role: 'owner', joined_at: at }],
  invites: [{ code: 'code', room_id: 'empty', role: 'owner', expires_at: null, max_uses: 3, uses: 1 }],
  bans: [{ room_id: 'r', user_id: 'gone', name: 'Gone', at }],
  campaigns: [
    {
      id: 'c',
      room_id: 'r',
      name: 'C',
      archived: 0,
      state: JSON.stringify({ ...emptyState, status: '2' }),
      version: 2,
      undo_head: 2,
      redo_head: null,
      created_at: at,
      updated_at: at,
    },
  ],
  campaign_journal: [1, 2].map((version) => ({
    campaign_id: 'c',
    version,
    at,
    actor_id: 'u',
    kind: 'change',
    patch: `{"status":"${version}"}`,
    inverse: `{"status":"${version === 1 ? '' : '1'}"}`,
    entry_ids: '[]',
    target: null,
    previous_undo: version - 1,
    previous_redo: null,
    operation: version === 1 ? null : '{"kind":"damage"}',
    applied: version === 1 ? null : '{}',
  })),
  narrative_entries: [41, 42].map((position) => ({
    position,
    campaign_id: 'c',
    id: `e${position}`,
    audience: 'all',
    withdrawn: 0,
    entry: JSON.stringify(entryOf(`e${position}`)),
  })),
  campaign_pages: [odd, ''].map((text, place) => ({
    campaign_id: 'c',
    id: `p${place}`,
    place,
    title: `Page ${place}, \u{1F409} "quoted"`,
    depth: place + 1,
    bytes: bytesOf(text),
    text,
  })),
  stat_blocks: [
    { room_id: 'r', id: 'goblin', heading: '{}', hash: 'h', bytes: bytesOf(odd), text: odd, created_at: at },
  ],
  encounters: [
    { campaign_id: 'c', id: 'x', name: odd, bytes: 2, text: '{}', version: 1, created_at: at, updated_at: at },
  ],
  sheets: [
    { campaign_id: 'c', character_id: 'mira', hash: 'ab'.repeat(32), bytes: bytesOf(odd), text: odd, saved_at: at },
  ],
  pictures: [
    {
      room_id: 'r',
      id: 'harbour',
      hash: 'ab'.repeat(32),
      width: 640,
      height: 480,
      thumbhash: 'YTkGJwaRhWUIt4lbgnhZl3ath2BUBGYA',
      bytes: 70_000,
      uploaded_by: 'u',
      created_at: at,
      unused_since: null,
      tile_levels: 1,
    },
  ],
  map_walls: [{ room_id: 'r', picture_id: 'harbour', text: '{}' }],
  map_fogs: [{ campaign_id: 'c', map_id: 'm', version: 3, key: 'ab'.repeat(32), bits: 'AQI=' }],
  map_strokes: [{ campaign_id: 'c', version: 2, map_id: 'm', at, change: 'AAEB' }],
  dice_chains: [
    {
      id: 'shown',
      campaign_id: 'c',
      kind: 'open',
      hash: createHash('sha256').update(Buffer.alloc(32, 1)).digest('hex'),
      seed: '01'.repeat(32),
      rolls: 2,
      earlier_rolls: 1,
      began_at: at,
      revealed_at: at,
    },
  ],
  dice_rolls: [0, 1].map((counter) => ({
    chain_id: 'shown',
    counter,
    nonce: 'abc_-123',
    notation: '1d20+0.5',
    draws: '[[20,7]]',
    total: 7.5,
    entry_id: counter === 0 ? 'e41' : null,
    at,
  })),
  campaign_summaries: [{ campaign_id: 'c', text: odd, up_to: 41 }],
  narrator_rooms: [{ room_id: 'r', mode: null, recent_ms: '[1.5]' }],
  narrator_turns: [{ room_id: 'r', turn: '{}', touched_ms: 1_790_000_000_000 }],
  narrator_usage: [{ room_id: 'r', day: '2026-01-01', tokens: 12 }],
  streams: [
    { id: 'room:r:dm', epoch: 'before', head: 5, floor: 3 },
    { id: 'arena:s', epoch: 'before', head: 0, floor: 0 },
  ],
  stream_events: [4, 5].map((seq) => ({ stream_id: 'room:r:dm', seq, at, text: JSON.stringify({ seq, odd }) })),
  answers: [
    { user_id: 'u', key: 'key-00000001', procedure: 'campaign.say', input_hash: 'h', answer: '{"seq":5}', at },
    { user_id: 'u', key: 'key-00000002', procedure: 'campaign.say', input_hash: null, answer: 'null', at },
  ],
  audit: [{ position: 9, room_id: 'r', at, kind: 'joined', actor_id: 'u', actor_name: 'U', detail: '{}' }],
  arena_sessions: [
    {
      id: 's',
      status: 'running',
      owner_id: null,
      options: '{}',
      created_at: at,
      updated_at: at,
      ended_at: null,
      round: 1,
      phase: null,
      waiting: 0,
      last_news: null,
      news: '[]',
      engine_id: null,
      engine_seq: 0,
      first_seq: 0,
    },
  ],
  topics: [{ name: 'orders.new', owner_id: null, created_at: at }],
  api_keys: [
    { id: 'abcdefghijkl', owner_id: 'u', name: 'K', hash: 'ab', rights: '[]', created_at: at, revoked_at: null },
  ],
  sectors: [{ id: 'tech', name: 'Tech', description: odd, value: 0.1 + 0.2, ...stamps }],
  agents: [{ id: 'a', name: 'A', description: '', sector_id: 'tech', status: 'idle', ...stamps }],
  sector_candles: [
    {
      sector_id: 'tech',
      timestamp: '2026-01-01T00:00:00.123Z',
      value: 1e-7,
      open: 1,
      high: 2.5,
      low: 0.1,
      close: 1.7e21,
    },
  ],
  discussions: [{ id: 'd', title: 'D', sector_id: null, owner_id: null, ...stamps }],
  messages: [
    {
      position: 70,
      id: 'm',
      discussion_id: 'd',
      content: odd,
      author_id: 'a',
      author_name: 'A',
      type: 'user',
      timestamp: at,
      told: 1,
    },
  ],
}

export async function fillEveryTable(database: Kysely<Database>): Promise<void> {
  for (const table of backedUpTables) await database.insertInto(table).values(rows[table]).execute()
}
