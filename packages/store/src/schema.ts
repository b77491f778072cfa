// Tables as Kysely knows them. JSON is stored as text and times as ISO 8601 text, so that both databases hold the same.
import type { Generated } from 'kysely'

export type Database = {
  /** `access`: counts the changes of who may hear what. */
  rooms: {
    id: string
    name: string
    active_campaign_id: string | null
    created_at: string
    locked: Generated<number>
    access: Generated<number>
  }
  members: { room_id: string; user_id: string; name: string; role: string; joined_at: string }
  invites: {
    code: string
    room_id: string
    role: string
    expires_at: string | null
    max_uses: number | null
    uses: Generated<number>
  }
  /** `hash`: of the token. */
  screen_links: {
    id: string
    room_id: string
    hash: string
    kind: string
    name: string
    created_by: string
    created_at: string
    last_used_at: Generated<string | null>
  }
  screen_shows: { room_id: string; show: string }
  /** `id`: the hash of the endpoint. `turn`, `opens`: 1 for the notices that the device gets. */
  push_devices: {
    id: string
    user_id: string
    name: string
    endpoint: string
    p256dh: string
    auth: string
    turn: number
    opens: number
    created_at: string
    last_sent_at: Generated<string | null>
  }
  /** One row: the keys by which push services know this server, in base64url. */
  push_keys: { id: string; public_key: string; private_key: string; created_at: string }
  bans: { room_id: string; user_id: string; name: string; at: string }
  users: { id: string; subject: string | null; name: string; merged_into: string | null; created_at: string }
  /** `identity`: JSON. */
  tickets: { hash: string; identity: string; until_ms: number }
  /** `detail`: JSON. */
  audit: {
    position: Generated<number>
    room_id: string | null
    at: string
    kind: string
    actor_id: string
    actor_name: string
    detail: string
  }
  /** `state_version`: of the state's shape, see `STATE_VERSION`. `origin`: JSON; null for a campaign of an older version. */
  campaigns: {
    id: string
    room_id: string
    name: string
    archived: number
    state: string
    state_version: Generated<number>
    version: number
    undo_head: number | null
    redo_head: number | null
    created_at: string
    updated_at: string
    origin: Generated<string | null>
    deleted_at: Generated<string | null>
  }
  /** `operation`, `applied`: JSON of a step of a fight, else null. */
  campaign_journal: {
    campaign_id: string
    version: number
    at: string
    actor_id: string
    kind: string
    patch: string | null
    inverse: string | null
    entry_ids: string
    target: number | null
    previous_undo: number | null
    previous_redo: number | null
    operation: string | null
    applied: string | null
  }
  /** `entry` is the whole of it as JSON, but for `withdrawn`, which changes. */
  narrative_entries: {
    position: Generated<number>
    campaign_id: string
    id: string
    audience: string
    withdrawn: number
    entry: string
  }
  /** `place`: from 0 in the order of the adventure. `bytes`: of the text in UTF-8. */
  campaign_pages: {
    campaign_id: string
    id: string
    place: number
    title: string
    depth: number
    bytes: number
    text: string
  }
  /** `heading` and `text` are JSON. `hash`: of the content. `bytes`: of the text in UTF-8. */
  stat_blocks: {
    room_id: string
    id: string
    heading: string
    hash: string
    bytes: number
    text: string
    created_at: string
  }
  /** `text`: JSON. `bytes`: of it in UTF-8. */
  encounters: {
    campaign_id: string
    id: string
    name: string
    bytes: number
    text: string
    version: number
    created_at: string
    updated_at: string
  }
  /** `character_id`: also of a request for a character. `hash`: of the content. `text`: JSON. `bytes`: of it in UTF-8. */
  sheets: {
    campaign_id: string
    character_id: string
    hash: string
    bytes: number
    text: string
    saved_at: string
  }
  /** `hash`: of all variants. `bytes`: of all variants. `thumbhash`: base64. `unused_since`: null while something names the picture.
   * `tile_levels`: of a map's pyramid of tiles; null for other pictures.
   */
  pictures: {
    room_id: string
    id: string
    hash: string
    width: number
    height: number
    thumbhash: string
    bytes: number
    uploaded_by: string
    created_at: string
    unused_since: string | null
    tile_levels: number | null
  }
  /** `text`: JSON. */
  map_walls: { room_id: string; picture_id: string; text: string }
  /** `key`: a secret, in hexadecimal. `bits`: one a block of fog, in base64. */
  map_fogs: { campaign_id: string; map_id: string; version: number; key: string; bits: string }
  /** `version`: of the campaign after the step. `change`: base64. */
  map_strokes: { campaign_id: string; version: number; map_id: string; at: string; change: string }
  /** `hash`, `seed`: in hexadecimal. `seed`: null until it is shown. `rolls`: their number. `earlier_rolls`: see `DiceChainRow`. */
  dice_chains: {
    id: string
    campaign_id: string
    kind: string
    hash: string
    seed: string | null
    rolls: number
    earlier_rolls: number
    began_at: string
    revealed_at: string | null
  }
  /** The seeds that nobody has seen, apart from all that is read or backed up. */
  dice_seeds: { chain_id: string; seed: string }
  /** `draws`: JSON. */
  dice_rolls: {
    chain_id: string
    counter: number
    nonce: string
    notation: string
    draws: string
    total: number
    entry_id: string | null
    at: string
  }
  /** The variants of pictures. Empty on SQLite, where they are files. `put_at`: the newest time at which somebody stored it. */
  media_files: { hash: string; variant: string; bytes: number; put_at: string }
  media_chunks: { hash: string; variant: string; place: number; data: Uint8Array }
  streams: { id: string; epoch: string; head: number; floor: number }
  stream_events: { stream_id: string; seq: number; at: string; text: string }
  /** `options` and `news` are JSON. `engine_seq`: how many of the engines' events are stored. `first_seq`: the game begins after it. */
  arena_sessions: {
    id: string
    status: string
    owner_id: string | null
    options: string
    created_at: string
    updated_at: string
    ended_at: string | null
    round: number
    phase: string | null
    waiting: number
    last_news: string | null
    news: string
    engine_id: string | null
    engine_seq: number
    first_seq: number
  }
  topics: { name: string; owner_id: string | null; created_at: string }
  /** `hash`: SHA-256 of the secret. `rights`: JSON. */
  api_keys: {
    id: string
    owner_id: string
    name: string
    hash: string
    rights: string
    created_at: string
    revoked_at: string | null
  }
  sectors: {
    id: string
    name: string
    description: string
    value: number
    version: number
    created_at: string
    updated_at: string
  }
  agents: {
    id: string
    name: string
    description: string
    sector_id: string | null
    status: string
    version: number
    created_at: string
    updated_at: string
  }
  /** `timestamp` goes in as ISO 8601 text on both databases; PostgreSQL holds it as `timestamptz`. */
  sector_candles: {
    sector_id: string
    timestamp: string
    value: number
    open: number
    high: number
    low: number
    close: number
  }
  discussions: {
    id: string
    title: string
    sector_id: string | null
    owner_id: string | null
    version: number
    created_at: string
    updated_at: string
  }
  /** `told`: 1 when the message was published. */
  messages: {
    position: Generated<number>
    id: string
    discussion_id: string
    content: string
    author_id: string
    author_name: string
    type: string
    timestamp: string
    told: number
  }
  /** `recent_ms`: JSON. */
  narrator_rooms: { room_id: string; mode: string | null; recent_ms: string }
  /** `turn`: JSON. */
  narrator_turns: { room_id: string; turn: string; touched_ms: number }
  narrator_usage: { room_id: string; day: string; tokens: number }
  campaign_summaries: { campaign_id: string; text: string; up_to: number }
  leases: { name: string; holder: string; until_ms: number }
  /** `input_hash`: null of what an older version stored. `answer`: JSON. */
  answers: {
    user_id: string
    key: string
    procedure: string
    input_hash: string | null
    answer: string
    at: string
  }
  /** `made_at`: when the backup was made; null when only the epochs were renewed. */
  restores: { position: Generated<number>; epoch: string; at: string; made_at: string | null }
}
