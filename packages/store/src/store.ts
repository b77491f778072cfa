// The database as the other packages see it: repositories inside a transaction.
import type { Answers } from './answers.ts'
import type { ApiKeys } from './api-keys.ts'
import type { ArenaSessions } from './arena.ts'
import type { AuditTrail } from './audit.ts'
import type { Campaigns } from './campaigns.ts'
import type { DiceChains } from './dice.ts'
import type { Encounters } from './encounters.ts'
import type { Entries } from './entries.ts'
import type { KnownStatesCounts } from './known-states.ts'
import type { Journal } from './journal.ts'
import type { Leases } from './leases.ts'
import type { Locks } from './locks.ts'
import type { Agents } from './market/agents.ts'
import type { Candles } from './market/candles.ts'
import type { Discussions } from './market/discussions.ts'
import type { Messages } from './market/messages.ts'
import type { MediaFiles } from './media-files.ts'
import type { Maps } from './maps.ts'
import type { Sectors } from './market/sectors.ts'
import type { NarratorRecords } from './narrator.ts'
import type { Pages } from './pages.ts'
import type { Pictures } from './pictures.ts'
import type { PushDeviceRecords } from './push-devices.ts'
import type { Restores } from './restores.ts'
import type { Rooms } from './rooms.ts'
import type { Sheets } from './sheets.ts'
import type { Screens } from './screens.ts'
import type { StatBlocks } from './stat-blocks.ts'
import type { StoreKind } from './store-kind.ts'
import type { Streams } from './streams.ts'
import type { Tickets } from './tickets.ts'
import type { Topics } from './topics.ts'
import type { DatabaseProblem } from './database-problem.ts'
import type { Users } from './users.ts'

/** `deadline`: by `performance.now()`, for a call that has waited for others already; `MAX_WAIT_MS` from now without it. */
export type TransactionOptions = { deadline?: number | undefined }

/**
 * An open database. `write` commits durably before it resolves; when `work` throws, nothing of it happened. Both reject with an error
 * that `databaseProblemOf` knows when the database can't do it, at the latest at the deadline.
 */
export interface Store extends AsyncDisposable {
  readonly kind: StoreKind
  /** One consistent view of the database for the whole of `work`. */
  read<T>(work: (repositories: Repositories) => Promise<T>, options?: TransactionOptions): Promise<T>
  /** `work` may run again when the database asks for it (serialisation failure), so it does nothing but use `repositories`. */
  write<T>(work: (repositories: Repositories) => Promise<T>, options?: TransactionOptions): Promise<T>
  /** Rejects when the database can't be reached, or its files are gone. */
  ping(): Promise<void>
  /** The states of campaigns that the store remembers. A store that only wraps another one may leave it out. */
  readonly knownStates?: KnownStatesCounts
  /** The state of the open database. A store that only wraps another one may leave it out. */
  readonly condition?: StoreCondition
}

/** The state of a database. */
export interface StoreCondition {
  /** True if this opening made the database. */
  readonly isNew: boolean
  /** The reason why writes fail, as far as it is known: the files are gone, writes wait or were refused a moment ago. */
  readonly problem: DatabaseProblem | null
  /** The same after a trial write. Calls share the trial, which is made at most a few times a second. */
  probe(): Promise<DatabaseProblem | null>
  /** The size of SQLite's write-ahead log; null where there is none. */
  readonly walBytes: number | null
}

export type Repositories = {
  rooms: Rooms
  campaigns: Campaigns
  journal: Journal
  entries: Entries
  pages: Pages
  screens: Screens
  push: PushDeviceRecords
  statBlocks: StatBlocks
  encounters: Encounters
  sheets: Sheets
  dice: DiceChains
  pictures: Pictures
  mediaFiles: MediaFiles
  maps: Maps
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
  narrator: NarratorRecords
  users: Users
  tickets: Tickets
  audit: AuditTrail
  restores: Restores
}
