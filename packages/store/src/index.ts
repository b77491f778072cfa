// The database behind one interface: SQLite in a file by default, PostgreSQL by URL.
export * from './store.ts'
export { openMigrations, openStore, type StoreOptions } from './open.ts'
export { type Migrations, type MigrationStatus, newMigration } from './migrations.ts'
export type { AgentFilter, Agents } from './market/agents.ts'
export type { CandleRow, Candles, CandleSpan } from './market/candles.ts'
export type { DiscussionRow, Discussions } from './market/discussions.ts'
export type { MessageRow, Messages } from './market/messages.ts'
export type { Sectors } from './market/sectors.ts'
