// What the rest of the house knows of the database: repositories inside a transaction.
import type {
  Ban,
  CampaignState,
  CampaignSummary,
  Invite,
  InviteRole,
  ArenaOptions,
  Member,
  NarrativeEntry,
  Role,
  Room,
  StatePatch,
  TopicRight,
} from '@tablecast/contracts'
import type { AuditTrail } from './audit.ts'
import type { Agents } from './market/agents.ts'
import type { Candles } from './market/candles.ts'
import type { Discussions } from './market/discussions.ts'
import type { Messages } from './market/messages.ts'
import type { Sectors } from './market/sectors.ts'
import type { NarratorTables } from './narrator.ts'
import type { Pages } from './pages.ts'
import type { Restores } from './restores.ts'
import type { Tickets } from './tickets.ts'
import type { Trouble } from './trouble.ts'
import type { Users } from './users.ts'

export type StoreKind = 'sqlite' | 'postgres'

/** `deadline`: by `performance.now()`, for a call that has waited for others already; `MAX_WAIT_MS` from now without it. */
export type TransactionOptions = { deadline?: number | undefined }

/**
 * An open database. `write` commits durably before it resolves; when `work` throws, nothing of it happened. Both reject with an error
 * that `troubleOf` knows when the database can't do it, at the latest at the deadline.
 */
export interface Store extends AsyncDisposable {
  readonly kind: StoreKind
  /** One consistent view of the database for the whole of `work`. */
  read<T>(work: (tables: Tables) => Promise<T>, options?: TransactionOptions): Promise<T>
  /** `work` may run again when the database asks for it (serialisation failure), so it does nothing but use `tables`. */
  write<T>(work: (tables: Tables) => Promise<T>, options?: TransactionOptions): Promise<T>
  /** Rejects when the database can't be reached, or its files are gone. */
  ping(): Promise<void>
  /** Of a database that is open here; a store that only hands on to another one may do without. */
  readonly condition?: StoreCondition
}

/** How a database does. */
export interface StoreCondition {
  /** It was made by this opening. */
  readonly isNew: boolean
  /** What stands in the way of writes, as far as it is known by now: the files are gone, writes wait or were refused a moment ago. */
  readonly trouble: Trouble | null
  /** The same, after a write of a row that nobody needs: a few times a second, however many ask. */
  probe(): Promise<Trouble | null>
  /** The size of SQLite's write-ahead log; null where there is none. */
  readonly walBytes: number | null
}

export type Tables = {
  rooms: Rooms
  campaigns: Campaigns
  journal: Journal
  entries: Entries
  pages: Pages
  streams: Streams
  answers: Answers
  locks: Locks
  arena: ArenaSessions
  leases: Leases
  topics: Topics
  apiKeys: ApiKeys
  sectors: Sectors
  agents: Agents
  candles: Candles
  discussions: Discussions
  messages: Messages
  narrator: NarratorTables
  users: Users
  tickets: Tickets
  audit: AuditTrail
  restores: Restores
}

/** Who reads: DMs all, players what is for `all`, a member of the room the whispers of theirs alone. */
export type EntryAudience = 'dm' | 'player' | { memberId: string }

/** `access` counts the changes of who may hear what in the room. */
export type RoomRow = Room & { access: number }
export type InviteRow = Invite & { roomId: string }

export interface Rooms {
  insert(room: Pick<Room, 'id' | 'name' | 'activeCampaignId' | 'createdAt'>): Promise<void>
  get(id: string): Promise<RoomRow | null>
  /** Locks the room's row until the transaction ends: one writer a room. */
  lock(id: string): Promise<RoomRow | null>
  setLocked(id: string, locked: boolean): Promise<void>
  /** To be called, under the room's lock, with every change of who may hear what. Returns the new count. */
  countAccess(id: string): Promise<number>
  setActiveCampaign(id: string, campaignId: string | null): Promise<void>
  listFor(userId: string): Promise<{ room: RoomRow; role: Role }[]>
  listActive(): Promise<RoomRow[]>
  member(roomId: string, userId: string): Promise<Member | null>
  /** The same, with the room's count of changes of who may hear what. */
  membership(roomId: string, userId: string): Promise<(Member & { access: number }) | null>
  /** How many rooms they own. */
  countOwned(userId: string): Promise<number>
  members(roomId: string): Promise<Member[]>
  putMember(roomId: string, member: Member): Promise<void>
  removeMember(roomId: string, userId: string): Promise<void>
  invites(roomId: string): Promise<Invite[]>
  findInvite(code: string): Promise<InviteRow | null>
  /** Replaces the room's invite of that role; nobody has used the new one. */
  putInvite(
    roomId: string,
    invite: { role: InviteRole; code: string; expiresAt?: string | null; maxUses?: number | null },
  ): Promise<void>
  countUse(code: string): Promise<void>
  removeInvite(roomId: string, role: InviteRole): Promise<void>
  bans(roomId: string): Promise<Ban[]>
  isBanned(roomId: string, userId: string): Promise<boolean>
  putBan(roomId: string, ban: Ban): Promise<void>
  removeBan(roomId: string, userId: string): Promise<void>
}

/**
 * `undoHead`: the journal version that an undo takes back next; `redoHead`: the version of the undo that a redo takes back.
 * Null when there is nothing to do.
 */
export type CampaignRow = {
  id: string
  roomId: string
  name: string
  archived: boolean
  state: CampaignState
  version: number
  undoHead: number | null
  redoHead: number | null
  createdAt: string
  updatedAt: string
}

export interface Campaigns {
  insert(row: CampaignRow): Promise<void>
  /** The same for one whose entries are still to come: nobody sees it until `arrived`. */
  insertArriving(row: CampaignRow): Promise<void>
  /** All of it is there now. */
  arrived(id: string, at: string): Promise<void>
  /** Those that did not arrive, and were begun before that time. */
  arrivingBefore(before: string): Promise<string[]>
  /** Drops a part of one that did not arrive; true when nothing is left of it. */
  discardArriving(id: string): Promise<boolean>
  get(id: string): Promise<CampaignRow | null>
  list(roomId: string): Promise<CampaignSummary[]>
  rename(id: string, name: string, at: string): Promise<void>
  setArchived(id: string, archived: boolean, at: string): Promise<void>
  save(row: Pick<CampaignRow, 'id' | 'state' | 'version' | 'undoHead' | 'redoHead' | 'updatedAt'>): Promise<void>
}

/**
 * One change of a campaign. `target`: what an undo or redo refers to. `previousUndo`, `previousRedo`: the heads before
 * this change, so that the two stacks are linked lists and cost the same at any length.
 */
export type JournalRow = {
  campaignId: string
  version: number
  at: string
  actorId: string
  kind: 'change' | 'undo' | 'redo'
  patch: StatePatch | null
  inverse: StatePatch | null
  entryIds: string[]
  target: number | null
  previousUndo: number | null
  previousRedo: number | null
}

export interface Journal {
  append(row: JournalRow): Promise<void>
  get(campaignId: string, version: number): Promise<JournalRow | null>
  /** Rows with a version above `version`, oldest first. */
  since(campaignId: string, version: number, limit: number): Promise<JournalRow[]>
}

export interface Entries {
  append(campaignId: string, entries: readonly NarrativeEntry[]): Promise<void>
  /**
   * Oldest first. `before`: the id of an entry; without it, the newest. An unknown id gives an empty page. Only DMs get the words of
   * withdrawn entries.
   */
  page(
    campaignId: string,
    audience: EntryAudience,
    page: { before?: string | undefined; limit: number },
  ): Promise<{ entries: NarrativeEntry[]; more: boolean }>
  /** These entries, oldest first, with the words of withdrawn ones and for any audience: not to be sent to players as they are. */
  find(campaignId: string, ids: readonly string[]): Promise<NarrativeEntry[]>
  /** The whispers to one member of the room become another's. */
  moveMember(roomId: string, from: string, to: string): Promise<void>
  /** `by`: the name of who withdraws them, kept with a withdrawn entry. Answers who could see each of them. */
  setWithdrawn(
    campaignId: string,
    ids: readonly string[],
    withdrawn: boolean,
    by?: string,
  ): Promise<{ id: string; audience: NarrativeEntry['audience']; memberId: string | null }[]>
}

/** `head`: the newest seq, 0 before the first. `floor`: events at or below it are gone. */
export type StreamRow = { id: string; epoch: string; head: number; floor: number }
/**
 * `access`: the room's count of changes of who may hear what, when it was stored; only where the stream has an audience. `floor`:
 * the transaction of this event deleted the events up to this seq, and caches must not replay them.
 */
export type StoredEvent = {
  streamId: string
  epoch: string
  seq: number
  text: string
  access?: number
  floor?: number
}

export interface Streams {
  /** The stream's row, made with a random epoch when there is none. */
  open(id: string): Promise<StreamRow>
  /** Takes the next seq under the row's lock and stores what `encode` makes of it: the JSON text that goes out. */
  append(id: string, at: string, encode: (position: { epoch: string; seq: number }) => string): Promise<StoredEvent>
  /** Events above `seq`, oldest first. Below the floor the answer has a gap: compare with the row first. */
  since(id: string, seq: number, limit: number): Promise<StoredEvent[]>
  /** The stream's row; null when nothing was ever stored. */
  find(id: string): Promise<StreamRow | null>
  /** Head and floor of each stream that exists. */
  heads(ids: readonly string[]): Promise<{ id: string; head: number; floor: number }[]>
  /** Of the streams whose id begins with `prefix`: drops events older than `before` or beyond the newest `keep`, raises the floors. Returns how many went. */
  prune(limits: { prefix: string; before: string; keep: number }): Promise<number>
  /** Keeps the newest `keep` events and raises the floor. */
  trim(id: string, keep: number): Promise<void>
  /** Drops all events and goes on counting. A client with an older position gets a snapshot. */
  clear(id: string): Promise<StreamRow>
  remove(id: string): Promise<void>
  /** A new epoch: every cursor from before gets a snapshot. */
  renew(id: string): Promise<StreamRow>
}

/** Answers already given, by user and idempotency key: see `answerOnce`, which alone uses them. */
export interface Answers {
  /** Takes the key in this transaction. False when it is taken; waits for another transaction that has just taken it. */
  reserve(row: { userId: string; key: string; procedure: string; inputHash: string; at: string }): Promise<boolean>
  /** The answer to a reserved key. */
  fill(userId: string, key: string, answer: unknown): Promise<void>
  /** `inputHash`: null for an answer that was stored before there were any. */
  find(userId: string, key: string): Promise<{ procedure: string; inputHash: string | null; answer: unknown } | null>
  /** For an answer that was given in advance and did not come true. */
  remove(userId: string, key: string): Promise<void>
  prune(before: string): Promise<number>
}

/** Locks on what has no row to lock. */
export interface Locks {
  /**
   * Held until the transaction ends; whoever asks for the same name waits. To be asked for before rows are locked. Names:
   * `user:<id>`, `account:<subject>`, `arena`, `topics`, `sample-room`, `sample-market`.
   */
  hold(name: string): Promise<void>
}

/**
 * A game of the arena. `news`: fed and not played yet, oldest first. `engineSeq`: how many of the engines' own events are
 * stored. `firstSeq`: the game's events are those of the stream `arena:<id>` after it.
 */
export type ArenaSessionRow = {
  id: string
  status: 'running' | 'ended'
  ownerId: string | null
  options: ArenaOptions
  createdAt: string
  updatedAt: string
  endedAt: string | null
  round: number
  phase: string | null
  waiting: boolean
  lastNews: string | null
  news: { id: string; content: string }[]
  engineId: string | null
  engineSeq: number
  firstSeq: number
}

export interface ArenaSessions {
  /** Inserts, or replaces what has the same id. */
  put(row: ArenaSessionRow): Promise<void>
  get(id: string): Promise<ArenaSessionRow | null>
  /** Locks the row until the transaction ends. */
  lock(id: string): Promise<ArenaSessionRow | null>
  /** Locks the row with that id, after inserting this one when there is none. */
  open(row: ArenaSessionRow): Promise<{ row: ArenaSessionRow; isNew: boolean }>
  /** Running ones first, then the newest. */
  list(limit: number): Promise<ArenaSessionRow[]>
  running(): Promise<ArenaSessionRow[]>
  /** The ids of the ended ones beyond the newest `keep`. */
  surplus(keep: number): Promise<string[]>
  remove(id: string): Promise<void>
}

/** Who does what only one process may do. By the clock of the database. */
export interface Leases {
  /** Takes or renews it. False while somebody else holds it. */
  take(name: string, holder: string, ttlMs: number): Promise<boolean>
  release(name: string, holder: string): Promise<void>
}

export type TopicRow = { name: string; ownerId: string | null; createdAt: string }

export interface Topics {
  /** False when there is one of that name. */
  insert(row: TopicRow): Promise<boolean>
  /** False when there was none. */
  remove(name: string): Promise<boolean>
  get(name: string): Promise<TopicRow | null>
  /** Locks the row until the transaction ends. */
  lock(name: string): Promise<TopicRow | null>
  /** Keeps those that there are from being removed until the transaction ends; answers their names. */
  keep(names: readonly string[]): Promise<ReadonlySet<string>>
  /** By name. */
  list(): Promise<TopicRow[]>
  count(): Promise<number>
}

export type ApiKeyRow = {
  id: string
  ownerId: string
  name: string
  /** SHA-256 of the secret, in hex. */
  hash: string
  rights: TopicRight[]
  createdAt: string
  revokedAt: string | null
}

export interface ApiKeys {
  insert(row: ApiKeyRow): Promise<void>
  get(id: string): Promise<ApiKeyRow | null>
  /** Locks the row until the transaction ends. */
  lock(id: string): Promise<ApiKeyRow | null>
  /** Keeps those that are good from being revoked until the transaction ends; answers their ids. */
  keep(ids: readonly string[]): Promise<ReadonlySet<string>>
  /** Newest first. */
  listFor(ownerId: string): Promise<ApiKeyRow[]>
  /** Of every owner, newest first. */
  list(): Promise<ApiKeyRow[]>
  /** Which of these are revoked. */
  revokedOf(ids: readonly string[]): Promise<string[]>
  revoke(id: string, at: string): Promise<void>
}
