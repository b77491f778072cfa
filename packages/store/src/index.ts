// The database behind one interface: SQLite in a file by default, PostgreSQL by URL.
export type { Repositories, Store, StoreCondition, TransactionOptions } from './store.ts'
export { answerOnce, derivedId } from './answer-once.ts'
export { Batched } from './batched.ts'
export type { StoreOptions } from './connect.ts'
export { openMigrations, openStore } from './open.ts'
export { MAX_WAIT_MS } from './transactions.ts'
export {
  type DatabaseProblem,
  DatabaseProblemError,
  type DatabaseProblemKind,
  databaseProblemOf,
} from './database-problem.ts'
export { type Migrations, newMigration } from './migrations.ts'
export type { ApiKeyRow } from './api-keys.ts'
export type { ArenaSessionRow } from './arena.ts'
export type { CampaignRow } from './campaigns.ts'
export type { DiceChainKind, DiceChainRow, DiceRollRow } from './dice.ts'
export type { JournalRow } from './journal.ts'
export type { MapFogRow, MapStrokeRow } from './maps.ts'
export { MEDIA_CHUNK_BYTES, type MediaFileRow } from './media-files.ts'
export type { PictureRow } from './pictures.ts'
export type { InviteRow, RoomRow } from './rooms.ts'
export type { ScreenLinkRow } from './screens.ts'
export type { StoredEvent } from './streams.ts'
export type { TopicRow } from './topics.ts'
export type { UserRow } from './users.ts'
export type { CandleRow } from './market/candles.ts'
export type { DiscussionRow } from './market/discussions.ts'
export type { MessageRow } from './market/messages.ts'
export { MaintenanceError, type BackupHeader } from './maintenance/backup-format.ts'
export { type DatabaseState, type Maintenance, openMaintenance, openMigrated } from './maintenance/maintenance.ts'
export type { PictureContent } from './maintenance/content.ts'
export type { Invariant } from './maintenance/invariants.ts'
